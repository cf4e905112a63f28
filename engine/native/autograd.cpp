// Backward passes, and functions whose gradient is managed code.
#include "engine.h"

#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable.h>

#include <cstring>
#include <cstdlib>

namespace {

using torch::autograd::Node;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

// Fills 'inputs_gradients' (owned handles, null for none) from 'output_gradients' (borrowed, null for none).
// Returns 0, or 1 with *message a malloc'ed string.
using Backward = int32_t (*)(void* owner, void* const* output_gradients, int32_t outputs, void** input_gradients, int32_t inputs, char** message);
using Release = void (*)(void* owner);

struct ManagedFunction : public Node {
  void* owner;
  Backward backward;
  Release release_owner;
  int32_t inputs;
  bool materialize = true;
  std::string title;
  std::vector<SavedVariable> saved;
  std::vector<bool> saved_is_output;

  ManagedFunction(void* owner, Backward backward, Release release, int32_t inputs, const char* title)
      : owner(owner), backward(backward), release_owner(release), inputs(inputs), title(title) {}
  ~ManagedFunction() override { release_owner(owner); }

  std::string name() const override { return title; }

  void release_variables() override {
    for (auto& variable : saved) variable.reset_data();
  }

  variable_list apply(variable_list&& gradients) override {
    std::vector<void*> given(gradients.size());
    for (size_t i = 0; i < gradients.size(); i++) {
      if (!gradients[i].defined() && materialize) gradients[i] = input_metadata(i).zeros_like();
      given[i] = gradients[i].defined() ? gradients[i].unsafeGetTensorImpl() : nullptr;
    }
    std::vector<void*> produced(inputs, nullptr);
    char* message = nullptr;
    auto failed = backward(owner, given.data(), static_cast<int32_t>(given.size()), produced.data(), inputs, &message);
    variable_list results;
    for (auto handle : produced)
      results.push_back(handle ? at::Tensor(engine::Impl::reclaim(static_cast<at::TensorImpl*>(handle))) : at::Tensor());
    if (failed) {
      std::string text = message ? message : "a managed backward function failed";
      std::free(message);
      throw std::runtime_error(text);
    }
    return results;
  }
};

void delete_function(Node* node) { torch::autograd::deleteNode(node); }

}  // namespace

ENGINE_API int engine_backward(void* const* tensors, int64_t count, void* const* gradients, int64_t gradient_count,
                               int32_t retain_graph, int32_t create_graph, void* const* inputs, int64_t input_count) {
  return engine::guarded([&] {
    torch::autograd::backward(engine::tensors(tensors, count), engine::tensors(gradients, gradient_count),
                              retain_graph != 0, create_graph != 0, engine::tensors(inputs, input_count));
  });
}

ENGINE_API int engine_grad(void* const* outputs, int64_t output_count, void* const* inputs, int64_t input_count,
                           void* const* gradients, int64_t gradient_count, int32_t retain_graph, int32_t create_graph,
                           int32_t allow_unused, void** results) {
  return engine::guarded([&] {
    auto found = torch::autograd::grad(engine::tensors(outputs, output_count), engine::tensors(inputs, input_count),
                                       engine::tensors(gradients, gradient_count), retain_graph != 0, create_graph != 0,
                                       allow_unused != 0);
    for (size_t i = 0; i < found.size(); i++) results[i] = engine::release(std::move(found[i]));
  });
}

// Makes the node behind a managed function's outputs. 'inputs' are its tensor arguments, null where an argument is none.
// 'outputs' and 'saved' are borrowed; an output gets a history only where it is floating and flagged differentiable.
// On success 'node' holds a shared_ptr to be freed with engine_function_free; 'owner' is released with the last reference.
ENGINE_API int engine_function_make(void* owner, Backward backward, Release release, const char* title,
                                    void* const* inputs, int32_t input_count, int32_t materialize, void** node) {
  return engine::guarded([&] {
    auto function = std::shared_ptr<ManagedFunction>(new ManagedFunction(owner, backward, release, input_count, title), delete_function);
    function->materialize = materialize != 0;
    torch::autograd::edge_list edges;
    for (int32_t i = 0; i < input_count; i++) {
      auto input = engine::tensor(inputs[i]);
      edges.push_back(input.defined() && input.requires_grad() ? torch::autograd::impl::gradient_edge(input) : torch::autograd::Edge());
    }
    function->set_next_edges(std::move(edges));
    *node = new std::shared_ptr<ManagedFunction>(std::move(function));
  });
}

ENGINE_API int engine_function_attach(void* node, void* output, int32_t differentiable, int32_t changed_in_place) {
  return engine::guarded([&] {
    auto& function = *static_cast<std::shared_ptr<ManagedFunction>*>(node);
    auto variable = engine::tensor(output);
    if (!differentiable || !torch::autograd::isDifferentiableType(variable.scalar_type())) {
      function->add_input_metadata(Node::undefined_input());
      return;
    }
    if (changed_in_place) {
      auto number = function->add_input_metadata(variable);
      torch::autograd::impl::bump_version(variable);
      torch::autograd::impl::rebase_history(variable, {function, number});
    } else {
      torch::autograd::set_history(variable, function);
    }
  });
}

ENGINE_API int engine_function_save(void* node, void* saved, int32_t is_output) {
  return engine::guarded([&] {
    auto& function = *static_cast<std::shared_ptr<ManagedFunction>*>(node);
    function->saved.emplace_back(engine::tensor(saved), is_output != 0);
    function->saved_is_output.push_back(is_output != 0);
  });
}

ENGINE_API int engine_function_saved(void* node, int32_t index, void** tensor) {
  return engine::guarded([&] {
    auto& function = *static_cast<std::shared_ptr<ManagedFunction>*>(node);
    auto variable = function->saved.at(index).unpack(function->saved_is_output[index] ? function : nullptr);
    *tensor = engine::release(std::move(variable));
  });
}

// A second reference that does not keep the node alive: the owner holds it, and the node holds the owner.
ENGINE_API void* engine_function_weak(void* node) {
  return new std::weak_ptr<ManagedFunction>(*static_cast<std::shared_ptr<ManagedFunction>*>(node));
}

ENGINE_API void* engine_function_lock(void* weak) {
  auto function = static_cast<std::weak_ptr<ManagedFunction>*>(weak)->lock();
  return function ? new std::shared_ptr<ManagedFunction>(std::move(function)) : nullptr;
}

ENGINE_API void engine_function_free(void* node) { delete static_cast<std::shared_ptr<ManagedFunction>*>(node); }
ENGINE_API void engine_function_free_weak(void* weak) { delete static_cast<std::weak_ptr<ManagedFunction>*>(weak); }

// For messages that cross from managed code: copied into memory that this library frees.
ENGINE_API char* engine_copy_text(const char* text) { return strdup(text); }

ENGINE_API int32_t engine_anomaly_mode() { return torch::autograd::AnomalyMode::is_enabled(); }

ENGINE_API void engine_set_anomaly_mode(int32_t enabled, int32_t check_nan) {
  torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0);
}
