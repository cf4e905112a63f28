using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>Members beside the operators that compute, by name, and why no case of the fixtures calls them.</summary>
internal static class OperatorExclusions
{
    private static readonly (string Reason, string[] Names)[] Reasons =
    [
        ("what a tensor is, not what is computed from it; used by the comparison of every case",
        [
            "dim", "element_size", "size", "stride", "storage_offset", "is_contiguous", "is_cpu", "is_floating_point", "is_complex", "is_integral", "is_conj", "is_neg", "is_pinned",
            "item", "data", "tolist", "ToScalar", "ToString", "Equals", "GetHashCode", "op_Explicit", "finfo", "iinfo", "has_names",
            "ReadCpuValue", "ReadCpuBool", "ReadCpuByte", "ReadCpuSByte", "ReadCpuInt16", "ReadCpuInt32", "ReadCpuInt64", "ReadCpuSingle", "ReadCpuDouble", "ReadCpuFloat16", "ReadCpuBFloat16",
        ]),
        ("life of a tensor; the tests of scopes and memory hold it",
            ["Dispose", "UnsafeCreateTensor", "DecoupleFromNativeHandle", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "DetachFromDisposeScope", "DetatchFromDisposeScope", "NewDisposeScope", "WrappedTensorDisposeScope", "CheckForErrors"]),
        ("gradients; the tests of autograd hold them, and most cases take one",
            ["backward", "requires_grad_", "with_requires_grad", "retain_grad", "get_grad", "is_grad_enabled", "no_grad", "enable_grad", "set_grad_enabled", "inference_mode", "is_inference_mode_enabled"]),
        ("state of the process, devices and threads",
        [
            "device", "get_default_device", "set_default_device", "get_default_dtype", "set_default_dtype", "InitializeDevice", "InitializeDeviceType", "TryInitializeDeviceType", "cuda_is_available", "mps_is_available",
            "get_num_threads", "set_num_threads", "get_num_interop_threads", "set_num_interop_threads", "cuda", "pin_memory", "use_deterministic_algorithms", "are_deterministic_algorithms_enabled",
            "is_deterministic_algorithms_warn_only_enabled", "set_warn_always", "is_warn_always_enabled",
        ]),
        ("seeds; every random case sets one", ["manual_seed", "seed", "initial_seed", "get_rng_state", "set_rng_state"]),
        ("memory that nobody has written", ["empty", "empty_like", "empty_strided", "new_empty"]),
        ("types, not tensors", ["can_cast", "promote_types", "result_type", "is_tensor", "is_storage", "max_int_value"]),
        ("files; the tests of saving hold them", ["save", "load", "Save", "Load", "WriteBytesToStream", "ReadBytesFromStream", "from_file"]),
        ("text; PrintingTests hold it", ["set_printoptions", "str", "jlstr", "npstr", "cstr", "print", "metastr"]),
        ("no result, only an exception", ["_assert"]),
        ("the argument is a function", ["type"]),
        ("from arrays; ArrayCreationTests calls them", ["from_array", "frombuffer"]),
    ];

    /// <summary>Overloads of operators with cases, by what sets them apart.</summary>
    private static readonly (string Reason, Func<MethodInfo, bool> Is)[] Overloads =
    [
        ("found by ArrayCreationTests", ArrayCreationTests.Covers),
        ("takes a device", one => one.Name == "to" && one.GetParameters().Any(parameter => parameter.ParameterType == typeof(Device) || parameter.ParameterType == typeof(DeviceType))),
    ];

    public static bool Has(MethodInfo member) => Reasons.Any(one => one.Names.Contains(member.Name)) || Overloads.Any(one => one.Is(member));
}
