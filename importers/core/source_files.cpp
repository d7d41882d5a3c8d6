#include "importers/core/source_files.hpp"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/text_decoder.hpp"

namespace ritchi::importers {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

// Best first: what lies in an archive twice is read once.
constexpr std::array<std::string_view, 9> formats = {".shp",     ".gpkg", ".sqlite", ".geojsonl", ".geojsons",
                                                     ".geojson", ".json", ".gml",    ".csv"};
constexpr std::array<std::string_view, 8> sidecars = {".shp", ".shx", ".dbf",  ".prj",
                                                      ".cpg", ".qix", ".csvt", ".vrt"};

std::string lower_extension(std::string_view path) {
  const auto slash = path.find_last_of('/');
  const auto dot = path.find_last_of('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  std::string extension(path.substr(dot));
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

struct ListFree {
  void operator()(char** list) const { CSLDestroy(list); }
};
using List = std::unique_ptr<char*, ListFree>;

struct DirClose {
  void operator()(VSIDIR* dir) const { VSICloseDir(dir); }
};

std::vector<std::string> files_below(const std::string& folder, const std::string& shown,
                                     std::uint64_t packed_bytes, std::uint64_t max_unpacked_bytes) {
  const std::unique_ptr<VSIDIR, DirClose> dir(VSIOpenDir(folder.c_str(), -1, nullptr));
  if (!dir)
    throw Error(
        ErrorKind::bad_input, packed_bytes != 0 ? "is not a readable ZIP archive" : "cannot be read", shown,
        packed_bytes != 0 ? "the file may be truncated: fetch it again" : "check the folder's permissions");
  std::vector<std::string> files;
  std::uint64_t unpacked = 0;
  while (const VSIDIREntry* entry = VSIGetNextDirEntry(dir.get())) {
    if (VSI_ISDIR(entry->nMode)) continue;
    unpacked += entry->bSizeKnown != 0 ? static_cast<std::uint64_t>(entry->nSize) : 0;
    files.emplace_back(entry->pszName);
    if (files.size() > 100'000) throw Error(ErrorKind::too_large, "holds more than 100,000 files", shown);
  }
  if (packed_bytes != 0 && unpacked > max_unpacked_bytes)
    throw Error(ErrorKind::too_large,
                fmt::format("unpacks to {} bytes, more than the {} allowed", unpacked, max_unpacked_bytes),
                shown, "if the archive is right, unpack it and import the files, or raise --max-unpacked-mb")
        .in_japanese(
            fmt::format("展開すると {} バイトになり、限度 {} を超えます", unpacked, max_unpacked_bytes),
            "正しい書庫なら、展開したファイルを指定するか --max-unpacked-mb を上げてください");
  std::sort(files.begin(), files.end());
  return files;
}

// The file's path without folders that are named after an encoding, in which one publisher ships each file
// twice: UTF-8/N02-22_Station.shp and Shift-JIS/N02-22_Station.shp. utf8: whether it lies in the former.
std::string apart_from_encoding(std::string_view file, bool& utf8) {
  std::string out;
  utf8 = false;
  for (std::size_t at = 0;;) {
    const auto slash = file.find('/', at);
    if (slash == std::string_view::npos) return out + std::string(file.substr(at));
    const auto folder = file.substr(at, slash - at);
    const std::string encoding = encoding_name(folder);
    utf8 = utf8 || encoding == "UTF-8";
    if (encoding != "UTF-8" && encoding != "CP932") out += std::string(folder) + "/";
    at = slash + 1;
  }
}

// Of copies in several encodings the one in UTF-8, or the first.
std::vector<std::string> without_copies(const std::vector<std::string>& files, const std::string& shown,
                                        std::vector<std::string>& notes) {
  struct Kept {
    std::size_t file;
    bool utf8;
  };
  std::map<std::string, Kept> kept;
  for (std::size_t i = 0; i < files.size(); ++i) {
    bool utf8 = false;
    const std::string name = apart_from_encoding(files[i], utf8);
    const auto [at, fresh] = kept.try_emplace(name, Kept{i, utf8});
    if (!fresh && utf8 && !at->second.utf8) at->second = {i, true};
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < files.size(); ++i) {
    bool utf8 = false;
    const auto& chosen = kept.at(apart_from_encoding(files[i], utf8));
    if (chosen.file == i)
      out.push_back(files[i]);
    else
      notes.push_back(fmt::format("{}/{}: not read, because {} is the same in another encoding", shown,
                                  files[i], files[chosen.file]));
  }
  return out;
}

// Names in archives are bytes of an unknown encoding, which GDAL shows as the one of old PCs: as they are
// meant.
std::string shown_name(const std::string& name, bool archive) {
  const auto bytes = archive ? base::encode(name, "CP437") : std::nullopt;
  if (!bytes) return name;
  if (base::is_utf8(*bytes)) return *bytes;
  return base::decode(*bytes, "CP932").value_or(name);
}

void add_folder(SourceSet& set, const std::string& folder, const std::string& shown,
                std::uint64_t packed_bytes, std::uint64_t max_unpacked_bytes) {
  const auto all = files_below(folder, shown, packed_bytes, max_unpacked_bytes);
  for (std::size_t format = 0; format < formats.size(); ++format) {
    std::vector<std::string> found;
    for (const auto& file : all)
      if (lower_extension(file) == formats[format]) found.push_back(file);
    if (found.empty()) continue;
    for (const auto& file : without_copies(found, shown, set.notes))
      set.files.push_back({fmt::format("{}/{}", folder, file),
                           fmt::format("{}/{}", shown, shown_name(file, packed_bytes != 0))});
    for (const auto& file : all) {
      const auto extension = lower_extension(file);
      const auto at = std::find(formats.begin(), formats.end(), extension);
      if (at != formats.end() && static_cast<std::size_t>(at - formats.begin()) > format)
        set.notes.push_back(
            fmt::format("{}/{}: not read, because {} files lie beside it", shown, file, formats[format]));
    }
    return;
  }
  for (const auto& file : all)
    if (lower_extension(file) == ".zip")
      throw Error(ErrorKind::bad_input, "holds archives and no vector file: " + file, shown,
                  "unpack it and name the archives within")
          .in_japanese("中に書庫（" + file + "）があり、ベクタデータがありません",
                       "展開して、中の書庫を指定してください");
  const bool xml =
      std::any_of(all.begin(), all.end(), [](const auto& file) { return lower_extension(file) == ".xml"; });
  throw Error(ErrorKind::bad_input,
              "holds no vector file that is known (shp, gpkg, geojson, geojsonl, gml, csv)", shown,
              xml ? "its .xml files are not read: fetch the data as shapefile or GeoJSON" : "")
      .in_japanese("読めるベクタデータ（shp、gpkg、geojson、geojsonl、gml、csv）がありません",
                   xml ? ".xml は読めません。シェープファイルか GeoJSON を入手してください"
                       : "ファイルを直接指定してください");
}

// The files on disk that make up a file: a shapefile's sidecars count too.
void add_hashed(SourceSet& set, const fs::path& path) {
  if (lower_extension(path.string()) != ".shp") {
    set.hashed.push_back(path.string());
    return;
  }
  for (const auto extension : sidecars) {
    fs::path part = path;
    std::error_code ignored;
    std::string upper(extension);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (fs::exists(part.replace_extension(extension), ignored) ||
        fs::exists(part.replace_extension(upper), ignored))
      set.hashed.push_back(part.string());
  }
}

// Encrypted members would be read as garbage. The flags stand in the directory at the archive's end.
void check_archive(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  constexpr std::streamoff longest_end = 65535 + 22;
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  in.seekg(std::max<std::streamoff>(0, size - longest_end));
  std::string tail{std::istreambuf_iterator<char>(in), {}};
  const auto number = [](const std::string& bytes, std::size_t at, std::size_t count) {
    std::uint64_t out = 0;
    for (std::size_t i = count; i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
    return out;
  };
  const auto end = tail.rfind("PK\5\6");
  if (end == std::string::npos || end + 22 > tail.size()) return;  // said when it is opened
  const auto length = number(tail, end + 12, 4);
  const auto offset = number(tail, end + 16, 4);
  if (offset + length > static_cast<std::uint64_t>(size)) return;
  in.clear();
  in.seekg(static_cast<std::streamoff>(offset));
  std::string directory(length, '\0');
  in.read(directory.data(), static_cast<std::streamsize>(length));
  for (std::size_t at = 0; at + 46 <= directory.size() && directory.compare(at, 4, "PK\1\2") == 0;) {
    if ((number(directory, at + 8, 2) & 1U) != 0)
      throw Error(ErrorKind::bad_input, "is an encrypted archive", name, "unpack it with its password first")
          .in_japanese("暗号化された書庫です", "パスワードで展開してから指定してください");
    at += 46 + number(directory, at + 28, 2) + number(directory, at + 30, 2) + number(directory, at + 32, 2);
  }
}

void add_named(SourceSet& set, const std::string& name, std::uint64_t max_unpacked_bytes) {
  if (name.starts_with("/vsi") || (name.find(':') != std::string::npos && !fs::exists(name))) {
    if (!name.starts_with("/vsi") && name.find('/') < name.find(':'))
      throw Error(ErrorKind::not_found, "does not exist", name, "check the path")
          .in_japanese("ありません", "パスを確かめてください");
    set.files.push_back({name, name.substr(0, name.find("password"))});
    set.complete_digest = false;
    return;
  }
  const fs::path path(name);
  std::error_code failed;
  const auto status = fs::status(path, failed);
  if (status.type() == fs::file_type::not_found)
    throw Error(ErrorKind::not_found, "does not exist", name, "check the path")
        .in_japanese("ありません", "パスを確かめてください");
  if (failed || ::access(name.c_str(), R_OK) != 0)
    throw Error(ErrorKind::io, "cannot be read", name, "check its permissions")
        .in_japanese("読めません", "アクセス権を確かめてください");
  if (fs::is_directory(status)) {
    if (::access(name.c_str(), X_OK) != 0)
      throw Error(ErrorKind::io, "cannot be read", name, "check its permissions")
          .in_japanese("読めません", "アクセス権を確かめてください");
    const auto before = set.files.size();
    add_folder(set, name, name, 0, max_unpacked_bytes);
    for (std::size_t i = before; i < set.files.size(); ++i) add_hashed(set, set.files[i].name);
    return;
  }
  if (!fs::is_regular_file(status))
    throw Error(ErrorKind::bad_input, "is no ordinary file", name, "write the data to a file and name that")
        .in_japanese("通常のファイルではありません", "データをファイルに書き出して指定してください");
  if (fs::file_size(path) == 0)
    throw Error(ErrorKind::bad_input, "is empty", name, "fetch it again")
        .in_japanese("中身が空です", "取得し直してください");
  if (lower_extension(name) == ".zip") {
    check_archive(name);
    add_folder(set, "/vsizip/" + fs::absolute(path).string(), name, fs::file_size(path), max_unpacked_bytes);
    set.hashed.push_back(name);
    return;
  }
  set.files.push_back({name, name});
  add_hashed(set, path);
}

struct FileClose {
  void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};
using File = std::unique_ptr<VSILFILE, FileClose>;

std::uint64_t size_of(const std::string& name, bool& exists) {
  VSIStatBufL stat{};
  exists = VSIStatL(name.c_str(), &stat) == 0;
  return exists ? static_cast<std::uint64_t>(stat.st_size) : 0;
}

}  // namespace

SourceSet expand_sources(const std::vector<std::string>& named, std::uint64_t max_unpacked_bytes) {
  SourceSet set;
  for (const auto& name : named) add_named(set, name, max_unpacked_bytes);
  return set;
}

std::string digest_of(const SourceSet& set) {
  base::Sha256 sum;
  for (const auto& file : set.hashed) sum.add_file(file);
  return sum.hex();
}

void check_shapefile(const std::string& shp_name, const std::string& shown) {
  const bool upper = shp_name.ends_with(".SHP");
  const std::string stem = shp_name.substr(0, shp_name.size() - 4);
  const auto header = [&](const std::string& name, const char* what) {
    bool exists = false;
    const auto size = size_of(name, exists);
    if (!exists)
      throw Error(ErrorKind::bad_input, fmt::format("the shapefile's {} is missing", what), shown,
                  "a shapefile is .shp, .shx and .dbf together")
          .in_japanese(fmt::format("シェープファイルの {} がありません", what),
                       ".shp、.shx、.dbf をそろえてください");
    std::array<unsigned char, 100> bytes{};
    const File file(VSIFOpenL(name.c_str(), "rb"));
    if (!file)
      throw Error(ErrorKind::io, fmt::format("the shapefile's {} cannot be read", what), shown,
                  "check its permissions")
          .in_japanese("読めません", "アクセス権を確かめてください");
    const auto got = VSIFReadL(bytes.data(), 1, bytes.size(), file.get());
    if (got < 32)
      throw Error(ErrorKind::bad_input, fmt::format("the {} is truncated", what), shown, "fetch it again");
    return std::pair(bytes, size);
  };
  const auto truncated = [&](const char* what, std::uint64_t is, std::uint64_t due) {
    throw Error(ErrorKind::bad_input, fmt::format("the {} is truncated: {} bytes of {}", what, is, due),
                shown, "fetch it again")
        .in_japanese(fmt::format("{} が途切れています（{} / {} バイト）", what, is, due),
                     "取得し直してください");
  };
  for (const auto& [extension, what] :
       {std::pair(upper ? ".SHP" : ".shp", ".shp file"), std::pair(upper ? ".SHX" : ".shx", ".shx file")}) {
    const auto [bytes, size] = header(stem + extension, what);
    const std::uint64_t words = (std::uint64_t{bytes[24]} << 24) | (std::uint64_t{bytes[25]} << 16) |
                                (std::uint64_t{bytes[26]} << 8) | bytes[27];
    if (size < words * 2) truncated(what, size, words * 2);
  }
  const auto [bytes, size] = header(stem + (upper ? ".DBF" : ".dbf"), ".dbf file");
  const auto little = [&b = bytes](std::size_t at) {
    return std::uint64_t{b[at]} | (std::uint64_t{b[at + 1]} << 8);
  };
  const std::uint64_t rows = little(4) | (little(6) << 16);
  bool exists = false;
  const std::uint64_t shapes = (size_of(stem + (upper ? ".SHX" : ".shx"), exists) - 100) / 8;
  if (rows < shapes)
    throw Error(ErrorKind::bad_input, fmt::format("has {} shapes and {} rows in its .dbf file", shapes, rows),
                shown, "fetch it again: its parts are of different editions, or one is truncated")
        .in_japanese(fmt::format("図形が {} 件、.dbf の行が {} 件あり、一致しません", shapes, rows),
                     "取得し直してください。版の違うファイルが混ざっているか、一部が途切れています");
  const std::uint64_t due = little(8) + rows * little(10);
  if (size < due) truncated(".dbf file", size, due);
}

}  // namespace ritchi::importers
