#include "importers/core/private_link.hpp"

#include <stdlib.h>

#include "geodata/base/error.hpp"

namespace ritchi::importers {

namespace fs = std::filesystem;

PrivateLink::PrivateLink(const std::string& target) {
  std::string pattern = (fs::temp_directory_path() / "ritchi-gml-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw base::Error(base::ErrorKind::io, "no temporary folder can be made",
                      fs::temp_directory_path().string(), "set TMPDIR")
        .in_japanese("作業用のフォルダを作れません", "環境変数 TMPDIR を設定してください");
  m_folder = pattern;
  m_link = m_folder / fs::path(target).filename();
  fs::create_symlink(fs::absolute(target), m_link);
}

PrivateLink::~PrivateLink() {
  std::error_code ignored;
  fs::remove_all(m_folder, ignored);
}

}  // namespace ritchi::importers
