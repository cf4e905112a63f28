using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>The interface of engine/native. A status of 0 means success; otherwise <see cref="Check"/> throws libtorch's message.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "torch_engine";

    /// <summary>Names a native library to use in place of the one beside this assembly.</summary>
    public const string PathVariable = "TORCH_ENGINE_LIBRARY";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library) return 0;
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path) return NativeLibrary.Load(path);
        try
        {
            return NativeLibrary.Load(name, assembly, search);
        }
        catch (DllNotFoundException missing)
        {
            throw new DllNotFoundException(
                $"The engine's native library is not beside {assembly.Location}: './build.sh engine' builds it, and {PathVariable} names another one.", missing);
        }
    }

    /// <summary>Throws the calling thread's last native error where <paramref name="status"/> is not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int status)
    {
        if (status != 0) ThrowLastError();
    }

    private static void ThrowLastError()
    {
        var message = Marshal.PtrToStringUTF8((nint)engine_last_error()) ?? "unknown error in libtorch";
        throw ManagedErrors.Take(message) ?? new ExternalException(message);
    }

    [DllImport(Library)] public static extern byte* engine_last_error();
    [DllImport(Library)] public static extern byte* engine_version();
    [DllImport(Library)] public static extern byte* engine_copy_text(byte* text);
    [DllImport(Library)] public static extern void engine_free(void* memory);

    [DllImport(Library)] public static extern int engine_operator_find(byte* name, byte* overload, nint* found);
    [DllImport(Library)] public static extern int engine_operator_call(nint op, NativeValue* arguments, int count, NativeValue* results, int room, int* returned);

    [DllImport(Library)] public static extern int engine_chain_run(void* links, int count, nint* tensors, int tensorCount, int scratch);

    [DllImport(Library)] public static extern void engine_tensor_free(nint handle);
    [DllImport(Library), SuppressGCTransition] public static extern nint engine_tensor_share(nint handle);
    [DllImport(Library)] public static extern int engine_tensor_over(void* data, long* sizes, long ndim, int dtype, delegate* unmanaged<nint, void> free, nint owner, nint* made);
    [DllImport(Library), SuppressGCTransition] public static extern int engine_tensor_dtype(nint handle);
    [DllImport(Library), SuppressGCTransition] public static extern long engine_tensor_ndim(nint handle);
    [DllImport(Library), SuppressGCTransition] public static extern long engine_tensor_numel(nint handle);
    [DllImport(Library), SuppressGCTransition] public static extern void engine_tensor_sizes(nint handle, long* sizes);
    [DllImport(Library)] public static extern int engine_tensor_strides(nint handle, long* strides);
    [DllImport(Library)] public static extern int engine_tensor_size(nint handle, long dimension, long* size);
    [DllImport(Library), SuppressGCTransition] public static extern long engine_tensor_element_size(nint handle);
    [DllImport(Library), SuppressGCTransition] public static extern long engine_tensor_storage_offset(nint handle);
    [DllImport(Library), SuppressGCTransition] public static extern void engine_tensor_device(nint handle, int* type, int* index);
    [DllImport(Library), SuppressGCTransition] public static extern int engine_tensor_is_contiguous(nint handle);
    [DllImport(Library)] public static extern int engine_tensor_storage(nint handle, void** start, long* bytes);
    [DllImport(Library)] public static extern int engine_tensor_data(nint handle, void** data);
    [DllImport(Library), SuppressGCTransition] public static extern int engine_tensor_requires_grad(nint handle);
    [DllImport(Library)] public static extern int engine_tensor_set_requires_grad(nint handle, int requiresGrad);
    [DllImport(Library)] public static extern int engine_tensor_is_leaf(nint handle);
    [DllImport(Library)] public static extern long engine_tensor_version(nint handle);
    [DllImport(Library)] public static extern int engine_tensor_grad(nint handle, nint* grad);
    [DllImport(Library)] public static extern int engine_tensor_set_grad(nint handle, nint grad);
    [DllImport(Library)] public static extern int engine_tensor_save(nint handle, byte* path);
    [DllImport(Library)] public static extern int engine_tensor_load(byte* path, nint* loaded);
    [DllImport(Library)] public static extern int engine_tensor_grads(nint* handles, long count, nint* grads);
    [DllImport(Library)] public static extern int engine_tensor_zero_grads(nint* handles, long count);
    [DllImport(Library)] public static extern int engine_tensor_retain_grad(nint handle);

    [DllImport(Library)]
    public static extern int engine_backward(nint* tensors, long count, nint* gradients, long gradientCount, int retainGraph, int createGraph, nint* inputs, long inputCount);

    [DllImport(Library)]
    public static extern int engine_grad(nint* outputs, long outputCount, nint* inputs, long inputCount, nint* gradients, long gradientCount, int retainGraph, int createGraph, int allowUnused, nint* results);

    [DllImport(Library)]
    public static extern int engine_function_make(nint owner, delegate* unmanaged<nint, nint*, int, nint*, int, byte**, int> backward, delegate* unmanaged<nint, void> release, byte* title, nint* inputs, int inputCount, int materialize, nint* node);

    [DllImport(Library)] public static extern int engine_function_attach(nint node, nint output, int differentiable, int changedInPlace);
    [DllImport(Library)] public static extern int engine_function_save(nint node, nint saved, int isOutput);
    [DllImport(Library)] public static extern int engine_function_saved(nint node, int index, nint* tensor);
    [DllImport(Library)] public static extern nint engine_function_weak(nint node);
    [DllImport(Library)] public static extern nint engine_function_lock(nint weak);
    [DllImport(Library)] public static extern void engine_function_free(nint node);
    [DllImport(Library)] public static extern void engine_function_free_weak(nint weak);
    [DllImport(Library)] public static extern int engine_anomaly_mode();
    [DllImport(Library)] public static extern void engine_set_anomaly_mode(int enabled, int checkNan);

    [DllImport(Library), SuppressGCTransition] public static extern int engine_grad_mode();
    [DllImport(Library), SuppressGCTransition] public static extern void engine_set_grad_mode(int enabled);
    [DllImport(Library)] public static extern int engine_inference_mode();
    [DllImport(Library)] public static extern nint engine_inference_guard(int enabled);
    [DllImport(Library)] public static extern void engine_inference_guard_free(nint guard);
    [DllImport(Library)] public static extern int engine_num_threads();
    [DllImport(Library)] public static extern int engine_set_num_threads(int count);
    [DllImport(Library)] public static extern int engine_num_interop_threads();
    [DllImport(Library)] public static extern int engine_set_num_interop_threads(int count);
    [DllImport(Library)] public static extern int engine_cuda_count();

    [DllImport(Library)] public static extern int engine_manual_seed(ulong seed);
    [DllImport(Library)] public static extern int engine_generator_default(int deviceType, int deviceIndex, nint* generator);
    [DllImport(Library)] public static extern int engine_generator_make(ulong seed, int deviceType, int deviceIndex, nint* generator);
    [DllImport(Library)] public static extern void engine_generator_free(nint generator);
    [DllImport(Library)] public static extern int engine_generator_seed(nint generator, ulong seed);
    [DllImport(Library)] public static extern int engine_generator_initial_seed(nint generator, ulong* seed);
    [DllImport(Library)] public static extern int engine_generator_state(nint generator, nint* state);
    [DllImport(Library)] public static extern int engine_generator_set_state(nint generator, nint state);
}
