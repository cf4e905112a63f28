// The life and the metadata of tensors: what is asked of every tensor and never goes through the dispatcher.
#include "engine.h"

#include <ATen/DeviceGuard.h>
#include <torch/serialize.h>

namespace {

// Borrowed, without touching the reference count: for questions that do not outlive the call.
at::TensorImpl* impl(void* handle) { return static_cast<at::TensorImpl*>(handle); }

}  // namespace

ENGINE_API void engine_tensor_free(void* handle) {
  if (handle) engine::Impl::reclaim(impl(handle));
}

ENGINE_API void* engine_tensor_share(void* handle) { return engine::release(engine::tensor(handle)); }

// A tensor over memory of the caller's; 'free' is called with 'owner' when the last tensor over it is gone.
ENGINE_API int engine_tensor_over(void* data, const int64_t* sizes, int64_t ndim, int32_t dtype, void (*free)(void*), void* owner, void** made) {
  return engine::guarded([&] {
    *made = engine::release(at::from_blob(data, at::IntArrayRef(sizes, ndim), [free, owner](void*) { free(owner); },
                                          at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
  });
}

ENGINE_API int32_t engine_tensor_dtype(void* handle) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(impl(handle)->dtype()));
}

ENGINE_API int64_t engine_tensor_ndim(void* handle) { return impl(handle)->dim(); }
ENGINE_API int64_t engine_tensor_numel(void* handle) { return impl(handle)->numel(); }

ENGINE_API void engine_tensor_sizes(void* handle, int64_t* sizes) {
  auto from = impl(handle)->sizes();
  std::copy(from.begin(), from.end(), sizes);
}

ENGINE_API int engine_tensor_strides(void* handle, int64_t* strides) {
  return engine::guarded([&] {
    auto from = impl(handle)->strides();
    std::copy(from.begin(), from.end(), strides);
  });
}

ENGINE_API int engine_tensor_size(void* handle, int64_t dimension, int64_t* size) {
  return engine::guarded([&] { *size = impl(handle)->size(dimension); });
}

ENGINE_API int64_t engine_tensor_element_size(void* handle) { return impl(handle)->dtype().itemsize(); }
ENGINE_API int64_t engine_tensor_storage_offset(void* handle) { return impl(handle)->storage_offset(); }

ENGINE_API void engine_tensor_device(void* handle, int32_t* type, int32_t* index) {
  auto device = impl(handle)->device();
  *type = static_cast<int32_t>(device.type());
  *index = device.index();
}

ENGINE_API int engine_tensor_is_contiguous(void* handle) { return impl(handle)->is_contiguous(); }

// Bytes of the storage from its start, whatever the view; the storage of views is shared.
ENGINE_API int engine_tensor_storage(void* handle, void** start, int64_t* bytes) {
  return engine::guarded([&] {
    const auto& storage = impl(handle)->storage();
    *start = const_cast<void*>(static_cast<const void*>(storage.data()));
    *bytes = static_cast<int64_t>(storage.nbytes());
  });
}

ENGINE_API int engine_tensor_data(void* handle, void** data) {
  return engine::guarded([&] { *data = engine::tensor(handle).data_ptr(); });
}

ENGINE_API int32_t engine_tensor_requires_grad(void* handle) { return impl(handle)->requires_grad(); }

ENGINE_API int engine_tensor_set_requires_grad(void* handle, int32_t requires_grad) {
  return engine::guarded([&] { engine::tensor(handle).requires_grad_(requires_grad != 0); });
}

ENGINE_API int32_t engine_tensor_is_leaf(void* handle) { return engine::tensor(handle).is_leaf(); }
ENGINE_API int64_t engine_tensor_version(void* handle) { return engine::tensor(handle)._version(); }

ENGINE_API int engine_tensor_grad(void* handle, void** grad) {
  return engine::guarded([&] { *grad = engine::release(at::Tensor(engine::tensor(handle).grad())); });
}

ENGINE_API int engine_tensor_set_grad(void* handle, void* grad) {
  return engine::guarded([&] { engine::tensor(handle).mutable_grad() = engine::tensor(grad); });
}

// Borrowed handles, null for none: good until someone gives one of the tensors another gradient.
ENGINE_API int engine_tensor_grads(void* const* handles, int64_t count, void** grads) {
  return engine::guarded([&] {
    for (int64_t i = 0; i < count; i++) {
      const auto& grad = engine::tensor(handles[i]).grad();
      grads[i] = grad.defined() ? grad.unsafeGetTensorImpl() : nullptr;
    }
  });
}

// Fills the gradients with zeros; a gradient that has a history of its own loses it.
ENGINE_API int engine_tensor_zero_grads(void* const* handles, int64_t count) {
  return engine::guarded([&] {
    at::NoGradGuard no_grad;
    for (int64_t i = 0; i < count; i++) {
      auto& grad = engine::tensor(handles[i]).mutable_grad();
      if (!grad.defined()) continue;
      if (grad.requires_grad()) grad.detach_();
      grad.zero_();
    }
  });
}

ENGINE_API int engine_tensor_retain_grad(void* handle) {
  return engine::guarded([&] { engine::tensor(handle).retain_grad(); });
}

// The archive of libtorch's own torch::save, which is not that of PyTorch's torch.save.
ENGINE_API int engine_tensor_save(void* handle, const char* path) {
  return engine::guarded([&] { torch::save(engine::tensor(handle), std::string(path)); });
}

ENGINE_API int engine_tensor_load(const char* path, void** loaded) {
  return engine::guarded([&] {
    at::Tensor tensor;
    torch::load(tensor, std::string(path));
    *loaded = engine::release(std::move(tensor));
  });
}
