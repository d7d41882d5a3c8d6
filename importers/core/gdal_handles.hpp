// GDAL's objects and errors, held as C++ holds things.
#pragma once
#include <cpl_error.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <string>

namespace ritchi::importers {

// While it lives, GDAL's errors are collected instead of printed.
class ErrorTrap {
 public:
  ErrorTrap() { CPLPushErrorHandlerEx(&ErrorTrap::take, this); }
  ~ErrorTrap() { CPLPopErrorHandler(); }
  ErrorTrap(const ErrorTrap&) = delete;
  ErrorTrap& operator=(const ErrorTrap&) = delete;
  const std::string& first() const { return m_first; }

 private:
  static void CPL_STDCALL take(CPLErr level, CPLErrorNum, const char* message) {
    auto* self = static_cast<ErrorTrap*>(CPLGetErrorHandlerUserData());
    if (level >= CE_Failure && self->m_first.empty()) self->m_first = message;
  }
  std::string m_first;
};

struct DatasetClose {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
struct FeatureFree {
  void operator()(OGRFeature* feature) const { OGRFeature::DestroyFeature(feature); }
};

}  // namespace ritchi::importers
