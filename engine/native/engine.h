// What the four parts of the native library share: tensors as handles, values as tagged pairs, errors as codes.
//
// A tensor handle is a TensorImpl* that owns one reference. Every function of the interface returns 0 on success and 1
// when libtorch threw; engine_last_error() then gives the message of the calling thread's last failure.
#pragma once

#include <ATen/ATen.h>
#include <torch/version.h>

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#define ENGINE_API extern "C" __attribute__((visibility("default")))

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
template <typename T> using Maybe = std::optional<T>;
#else
template <typename T> using Maybe = c10::optional<T>;
#endif

namespace engine {

using Handle = void*;
using Impl = c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>;

// The tensor behind a handle, with a reference of its own; an undefined tensor for a null handle.
inline at::Tensor tensor(Handle handle) {
  return handle ? at::Tensor(Impl::reclaim_copy(static_cast<at::TensorImpl*>(handle))) : at::Tensor();
}

// Hands the tensor's reference to the caller; null for an undefined tensor.
inline Handle release(at::Tensor&& value) {
  return value.defined() ? value.unsafeReleaseTensorImpl() : nullptr;
}

inline std::vector<at::Tensor> tensors(const Handle* handles, int64_t count) {
  std::vector<at::Tensor> list;
  list.reserve(count);
  for (int64_t i = 0; i < count; i++) list.push_back(tensor(handles[i]));
  return list;
}

void remember_error(const std::exception& error);
void remember_error(const char* message);

template <typename Body>
int guarded(Body&& body) {
  try {
    body();
    return 0;
  } catch (const std::exception& error) {
    remember_error(error);
  } catch (...) {
    remember_error("unknown native exception");
  }
  return 1;
}

}  // namespace engine
