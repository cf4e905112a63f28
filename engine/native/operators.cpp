// Calls any operator of libtorch's dispatcher by name, boxed, so that a new operator needs no new native code.
#include "engine.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include <cstdlib>

namespace {

using c10::IValue;
using c10::TypeKind;

enum Tag : int32_t {
  kNone, kTensor, kInt, kDouble, kBool, kComplex, kString, kDevice, kGenerator,
  kIntList, kDoubleList, kBoolList, kTensorList, kSlot
};

// Mirrored by NativeValue in the managed part.
struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};
static_assert(sizeof(Value) == 16, "the managed mirror has 16 bytes");

// What a parameter wants, where the same managed value can stand for several types.
enum class Wanted : uint8_t { Anything, Real, RealList, IntegerList, BoolList, MaybeTensorList };

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Wanted> wanted;
  std::vector<IValue> defaults;
  std::vector<bool> has_default;
};

Wanted wanted_for(c10::TypePtr type) {
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  if (type->kind() == TypeKind::FloatType) return Wanted::Real;
  if (auto list = type->cast<c10::ListType>()) {
    switch (list->getElementType()->kind()) {
      case TypeKind::FloatType: return Wanted::RealList;
      case TypeKind::IntType:
      case TypeKind::SymIntType: return Wanted::IntegerList;
      case TypeKind::BoolType: return Wanted::BoolList;
      case TypeKind::OptionalType: return Wanted::MaybeTensorList;
      default: break;
    }
  }
  return Wanted::Anything;
}

template <typename T, typename From>
c10::List<T> list_of(const From* from, int32_t count) {
  c10::List<T> list;
  list.reserve(count);
  for (int32_t i = 0; i < count; i++) list.push_back(static_cast<T>(from[i]));
  return list;
}

IValue to_ivalue(const Value& value, Wanted wanted) {
  switch (value.tag) {
    case kNone: return IValue();
    case kTensor: return IValue(engine::tensor(value.pointer));
    case kInt:
      if (wanted == Wanted::Real) return IValue(static_cast<double>(value.integer));
      if (wanted == Wanted::IntegerList) return IValue(c10::List<int64_t>({value.integer}));
      return IValue(value.integer);
    case kDouble:
      if (wanted == Wanted::RealList) return IValue(c10::List<double>({value.real}));
      return IValue(value.real);
    case kBool: return IValue(value.integer != 0);
    case kComplex: {
      auto parts = static_cast<const double*>(value.pointer);
      return IValue(c10::complex<double>(parts[0], parts[1]));
    }
    case kString: return IValue(std::string(static_cast<const char*>(value.pointer), value.count));
    case kDevice:
      return IValue(c10::Device(static_cast<c10::DeviceType>(value.count), static_cast<c10::DeviceIndex>(value.integer)));
    case kGenerator: return IValue(*static_cast<at::Generator*>(value.pointer));
    case kIntList: {
      auto items = static_cast<const int64_t*>(value.pointer);
      if (wanted == Wanted::RealList) return IValue(list_of<double>(items, value.count));
      return IValue(list_of<int64_t>(items, value.count));
    }
    case kDoubleList: return IValue(list_of<double>(static_cast<const double*>(value.pointer), value.count));
    case kBoolList: return IValue(list_of<bool>(static_cast<const uint8_t*>(value.pointer), value.count));
    case kTensorList: {
      auto items = static_cast<void* const*>(value.pointer);
      if (wanted == Wanted::MaybeTensorList) {
        c10::List<Maybe<at::Tensor>> list;
        list.reserve(value.count);
        for (int32_t i = 0; i < value.count; i++)
          list.push_back(items[i] ? Maybe<at::Tensor>(engine::tensor(items[i])) : Maybe<at::Tensor>());
        return IValue(std::move(list));
      }
      c10::List<at::Tensor> list;
      list.reserve(value.count);
      for (int32_t i = 0; i < value.count; i++) list.push_back(engine::tensor(items[i]));
      return IValue(std::move(list));
    }
    default: throw std::runtime_error("unknown value tag");
  }
}

// One operator of a chain, mirrored by Chain.Link in the managed part. A value tagged kSlot stands for the tensor of that number.
struct Link {
  Operator* op;
  int64_t count;
  Value arguments[5];
};

// Lists and complex numbers come back in memory from malloc, which the caller frees with engine_free.
Value to_value(IValue&& ivalue) {
  Value value{};
  if (ivalue.isTensor()) {
    value.tag = kTensor;
    value.pointer = engine::release(std::move(ivalue).toTensor());
  } else if (ivalue.isInt()) {
    value.tag = kInt;
    value.integer = ivalue.toInt();
  } else if (ivalue.isDouble()) {
    value.tag = kDouble;
    value.real = ivalue.toDouble();
  } else if (ivalue.isBool()) {
    value.tag = kBool;
    value.integer = ivalue.toBool();
  } else if (ivalue.isTensorList()) {
    auto list = std::move(ivalue).toTensorVector();
    value.tag = kTensorList;
    value.count = static_cast<int32_t>(list.size());
    auto items = static_cast<void**>(std::malloc(sizeof(void*) * (list.size() + 1)));
    for (size_t i = 0; i < list.size(); i++) items[i] = engine::release(std::move(list[i]));
    value.pointer = items;
  } else if (ivalue.isComplexDouble()) {
    auto number = ivalue.toComplexDouble();
    value.tag = kComplex;
    auto parts = static_cast<double*>(std::malloc(2 * sizeof(double)));
    parts[0] = number.real();
    parts[1] = number.imag();
    value.pointer = parts;
  } else if (!ivalue.isNone()) {
    throw std::runtime_error("an operator returned a value of type " + ivalue.tagKind());
  }
  return value;
}

}  // namespace

ENGINE_API int engine_operator_find(const char* name, const char* overload, void** found) {
  return engine::guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    auto op = new Operator{handle, {}, {}, {}};
    for (const auto& argument : handle.schema().arguments()) {
      op->wanted.push_back(wanted_for(argument.type()));
      auto value = argument.default_value();
      op->has_default.push_back(value.has_value());
      op->defaults.push_back(value ? *value : IValue());
    }
    *found = op;  // kept for the life of the process
  });
}

// Parameters beyond 'count' take their defaults. 'results' has room for 'room' values; 'returned' says how many came.
ENGINE_API int engine_operator_call(void* op_pointer, const Value* arguments, int32_t count, Value* results, int32_t room, int32_t* returned) {
  return engine::guarded([&] {
    auto op = static_cast<Operator*>(op_pointer);
    // The stack's memory is kept per thread; a call from inside a backward pass finds it taken and makes its own.
    static thread_local torch::jit::Stack spare;
    torch::jit::Stack stack;
    stack.swap(spare);
    stack.clear();
    const auto total = static_cast<int32_t>(op->wanted.size());
    if (count > total) throw std::runtime_error("too many arguments for " + op->handle.schema().name());
    for (int32_t i = 0; i < count; i++) stack.push_back(to_ivalue(arguments[i], op->wanted[i]));
    for (int32_t i = count; i < total; i++) {
      if (!op->has_default[i])
        throw std::runtime_error("missing argument '" + op->handle.schema().arguments()[i].name() + "' of " + op->handle.schema().name());
      stack.push_back(op->defaults[i]);
    }
    op->handle.callBoxed(stack);
    const auto got = static_cast<int32_t>(stack.size());
    if (got > room) throw std::runtime_error("no room for the results of " + op->handle.schema().name());
    for (int32_t i = 0; i < got; i++) results[i] = to_value(std::move(stack[i]));
    *returned = got;
    stack.clear();
    spare.swap(stack);
  });
}

// Runs operators that work in place or into given results, one after the other, with nothing recorded for backward: a step
// of an optimiser in one call. The slots are the tensors given, then 'scratch' new ones like the first.
ENGINE_API int engine_chain_run(const Link* links, int32_t count, void* const* tensors, int32_t tensor_count, int32_t scratch) {
  return engine::guarded([&] {
    at::AutoDispatchBelowADInplaceOrView nothing_recorded;
    auto slots = engine::tensors(tensors, tensor_count);
    for (int32_t i = 0; i < scratch; i++) slots.push_back(at::empty_like(slots[0]));
    torch::jit::Stack stack;
    for (auto link = links; link < links + count; link++) {
      const auto& parameters = link->op->handle.schema().arguments();
      stack.clear();
      for (int32_t i = 0; i < static_cast<int32_t>(parameters.size()); i++) {
        const auto& argument = link->arguments[i];
        if (i >= link->count) {
          stack.push_back(link->op->defaults[i]);
        } else if (argument.tag != kSlot) {
          stack.push_back(to_ivalue(argument, link->op->wanted[i]));
        } else {
          auto& slot = slots.at(argument.integer);
          // What the skipped part of autograd would do: a changed tensor tells those who saved it for backward.
          if (parameters[i].alias_info() && parameters[i].alias_info()->isWrite() && !slot.is_inference())
            slot.unsafeGetTensorImpl()->bump_version();
          stack.push_back(slot);
        }
      }
      link->op->handle.callBoxed(stack);
    }
  });
}

ENGINE_API void engine_free(void* memory) { std::free(memory); }
