using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>PyTorch's top-level module: tensors, operators on them, and everything nested below.</summary>
public static unsafe partial class torch
{
    public static string __version__ => Marshal.PtrToStringUTF8((nint)NativeMethods.engine_version())!;

    /// <summary>Opens a scope on this thread: tensors made from now on are disposed of with it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.Open();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    /// <summary>Evaluates an expression in a scope of its own, from which only the result gets out.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    /// <summary>Does nothing: every call here reports its own error.</summary>
    public static void CheckForErrors()
    {
    }
}
