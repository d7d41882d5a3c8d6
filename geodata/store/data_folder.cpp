#include "geodata/store/data_folder.hpp"

#include <algorithm>
#include <system_error>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/error.hpp"
#include "geodata/store/dataset_meta.hpp"

namespace ritchi::store {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

using Wanted = bool (*)(const fs::path& file);

bool is_dataset(const fs::path& file) {
  return file.extension() == ".sqlite" && !file.filename().string().starts_with(".");
}
bool is_published(const fs::path& file) {
  return is_dataset(file) || file.extension() == ".tiles" || file.extension() == ".facts";
}

std::vector<fs::path> files_in(const fs::path& layer_folder, Wanted wanted) {
  std::error_code failed;
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(layer_folder, failed))
    if (wanted(entry.path())) out.push_back(entry.path());
  if (failed && failed != std::errc::no_such_file_or_directory)
    throw Error(ErrorKind::io, "cannot be read: " + failed.message(), layer_folder.string(),
                "check its permissions");
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<fs::path> files_of_layers(const fs::path& data_folder, Wanted wanted) {
  std::error_code failed;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(data_folder, failed))
    if (entry.is_directory() && !entry.path().filename().string().starts_with("."))
      folders.push_back(entry.path());
  if (failed)
    throw Error(failed == std::errc::no_such_file_or_directory ? ErrorKind::not_found : ErrorKind::io,
                "the data folder cannot be read: " + failed.message(), data_folder.string(),
                "import something into it first, or check --data and permissions");
  std::sort(folders.begin(), folders.end());
  std::vector<fs::path> out;
  for (const fs::path& folder : folders)
    for (fs::path& file : files_in(folder, wanted)) out.push_back(std::move(file));
  return out;
}

}  // namespace

fs::path dataset_file(const fs::path& data_folder, const std::string& layer, const std::string& partition) {
  return data_folder / layer / (partition + ".sqlite");
}

std::vector<fs::path> dataset_files(const fs::path& data_folder) {
  return files_of_layers(data_folder, is_dataset);
}

std::vector<fs::path> published_files(const fs::path& data_folder) {
  return files_of_layers(data_folder, is_published);
}

std::vector<DatasetInfo> find_published(const fs::path& data_folder, const std::string& layer) {
  std::vector<DatasetInfo> out;
  for (const fs::path& file : files_in(data_folder / layer, is_dataset)) {
    try {
      const base::UniqueDescriptor descriptor = base::open_for_reading(file);
      const Connection connection = Connection::open_immutable(descriptor.get(), file.string());
      out.push_back(read_meta(connection, file.string()).info);
    } catch (const Error&) {
      continue;  // damaged: a new import may replace it
    }
  }
  return out;
}

}  // namespace ritchi::store
