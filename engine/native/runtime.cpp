// What belongs to the process or the thread: errors, modes, threads, generators, devices.
#include "engine.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/util/Exception.h>

#include <cstdlib>
#ifdef __GLIBC__
#include <dlfcn.h>
#include <malloc.h>
#endif

namespace {

thread_local std::string last_error;

#ifdef __GLIBC__
// A training step frees large blocks that the next step takes again. Left to itself glibc hands them back to the kernel in
// between, which has to clear every page anew: a third of the time of a small convolutional network. Who has set
// glibc's own variables keeps what they say.
__attribute__((constructor)) void keep_freed_memory() {
  constexpr int largest_block = 32 << 20;  // glibc takes no more
  constexpr int most_kept = 1 << 30;
  if (!std::getenv("MALLOC_MMAP_THRESHOLD_")) mallopt(M_MMAP_THRESHOLD, largest_block);
  if (!std::getenv("MALLOC_TRIM_THRESHOLD_")) mallopt(M_TRIM_THRESHOLD, most_kept);
}
#endif

// OpenBLAS built over pthreads has threads of its own, which spin while they wait: left alone they take the cores that libtorch was
// told to leave free. Another BLAS has no such function.
void tell_blas(int count) {
#ifdef __GLIBC__
  static const auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set) set(count);
#endif
}

}  // namespace

void engine::remember_error(const std::exception& error) {
  auto of_torch = dynamic_cast<const c10::Error*>(&error);
  last_error = of_torch ? of_torch->what_without_backtrace() : error.what();
}

void engine::remember_error(const char* message) { last_error = message; }

ENGINE_API const char* engine_last_error() { return last_error.c_str(); }
ENGINE_API const char* engine_version() { return TORCH_VERSION; }

ENGINE_API int32_t engine_grad_mode() { return c10::GradMode::is_enabled(); }
ENGINE_API void engine_set_grad_mode(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }
ENGINE_API int32_t engine_inference_mode() { return c10::InferenceMode::is_enabled(); }
ENGINE_API void* engine_inference_guard(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
ENGINE_API void engine_inference_guard_free(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

ENGINE_API int32_t engine_num_threads() { return at::get_num_threads(); }
ENGINE_API int engine_set_num_threads(int32_t count) {
  return engine::guarded([&] {
    at::set_num_threads(count);
    tell_blas(count);
  });
}
ENGINE_API int32_t engine_num_interop_threads() { return at::get_num_interop_threads(); }
ENGINE_API int engine_set_num_interop_threads(int32_t count) {
  return engine::guarded([&] { at::set_num_interop_threads(count); });
}

ENGINE_API int32_t engine_cuda_count() { return at::detail::getCUDAHooks().getNumGPUs(); }

ENGINE_API int engine_manual_seed(uint64_t seed) {
  return engine::guarded([&] { at::manual_seed(seed); });
}

// A generator handle is an at::Generator on the heap.
ENGINE_API int engine_generator_default(int32_t device_type, int32_t device_index, void** generator) {
  return engine::guarded([&] {
    *generator = new at::Generator(at::globalContext().defaultGenerator(
        c10::Device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index))));
  });
}

ENGINE_API int engine_generator_make(uint64_t seed, int32_t device_type, int32_t device_index, void** generator) {
  return engine::guarded([&] {
    const c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    auto made = device.is_cpu() ? at::detail::createCPUGenerator(seed)
                                : at::globalContext().defaultGenerator(device).clone();
    made.set_current_seed(seed);
    *generator = new at::Generator(std::move(made));
  });
}

ENGINE_API void engine_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

ENGINE_API int engine_generator_seed(void* generator, uint64_t seed) {
  return engine::guarded([&] {
    auto& made = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(made.mutex());
    made.set_current_seed(seed);
  });
}

ENGINE_API int engine_generator_initial_seed(void* generator, uint64_t* seed) {
  return engine::guarded([&] { *seed = static_cast<at::Generator*>(generator)->current_seed(); });
}

ENGINE_API int engine_generator_state(void* generator, void** state) {
  return engine::guarded([&] { *state = engine::release(static_cast<at::Generator*>(generator)->get_state()); });
}

ENGINE_API int engine_generator_set_state(void* generator, void* state) {
  return engine::guarded([&] { static_cast<at::Generator*>(generator)->set_state(engine::tensor(state)); });
}
