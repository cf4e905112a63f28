using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// Calls libtorch's operators by name. <c>aten("add.Tensor", a, b, alpha)</c> calls <c>aten::add.Tensor</c>; arguments left out
/// at the end take the operator's defaults. The name must be a literal: the operator is found once per literal.
/// </summary>
[SkipLocalsInit] // the scratch memory of a call is written before it is read
internal static unsafe class Operators
{
    private const int StackWords = 128;
    private const int MostResults = 8;

    /// <summary>Calls an operator that returns one tensor.</summary>
    public static Tensor aten(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        return TensorOf(results[0]);
    }

    /// <summary>Calls an operator that changes its first argument, and returns that argument.</summary>
    public static Tensor aten_(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        NativeMethods.engine_tensor_free((nint)results[0].Pointer);
        return arguments[0].AsTensor;
    }

    public static (Tensor, Tensor) aten2(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        return (TensorOf(results[0]), TensorOf(results[1]));
    }

    public static (Tensor, Tensor, Tensor) aten3(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        return (TensorOf(results[0]), TensorOf(results[1]), TensorOf(results[2]));
    }

    public static (Tensor, Tensor, Tensor, Tensor) aten4(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        return (TensorOf(results[0]), TensorOf(results[1]), TensorOf(results[2]), TensorOf(results[3]));
    }

    /// <summary>Calls an operator that returns a list of tensors.</summary>
    public static Tensor[] atenList(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        var handles = (nint*)results[0].Pointer;
        var tensors = new Tensor[results[0].Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(handles[i]);
        NativeMethods.engine_free(handles);
        return tensors;
    }

    /// <summary>Calls an operator that returns nothing of interest, such as the in-place operators over lists.</summary>
    public static void atenVoid(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        for (var i = Call(op, arguments, results) - 1; i >= 0; i--)
            if (results[i].Tag == Tag.Tensor) NativeMethods.engine_tensor_free((nint)results[i].Pointer);
    }

    public static bool atenBool(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        return results[0].Integer != 0;
    }

    public static long atenInt(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        return results[0].Integer;
    }

    public static double atenDouble(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        return results[0].Real;
    }

    public static Scalar atenScalar(string op, params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Call(op, arguments, results);
        switch (results[0].Tag)
        {
            case Tag.Double: return results[0].Real;
            case Tag.Bool: return results[0].Integer != 0;
            case Tag.Complex:
                var complex = *(System.Numerics.Complex*)results[0].Pointer;
                NativeMethods.engine_free(results[0].Pointer);
                return complex;
            default: return results[0].Integer;
        }
    }

    private static Tensor TensorOf(in NativeValue value) => value.Pointer is null ? null! : new Tensor((nint)value.Pointer);

    private static int Call(string op, ReadOnlySpan<Value> arguments, NativeValue* results)
    {
        var natives = stackalloc NativeValue[arguments.Length];
        var words = 0;
        foreach (ref readonly var argument in arguments) words += argument.Words;
        if (words <= StackWords)
        {
            var scratch = stackalloc long[StackWords];
            return Call(Find(op), arguments, natives, scratch, results);
        }
        fixed (long* scratch = new long[words]) return Call(Find(op), arguments, natives, scratch, results);
    }

    private static int Call(nint op, ReadOnlySpan<Value> arguments, NativeValue* natives, long* scratch, NativeValue* results)
    {
        for (var i = 0; i < arguments.Length; i++) scratch += arguments[i].Write(natives + i, scratch);
        int returned;
        NativeMethods.Check(NativeMethods.engine_operator_call(op, natives, arguments.Length, results, MostResults, &returned));
        foreach (ref readonly var argument in arguments) argument.KeepAlive();
        return returned;
    }

    // Literals are interned, so the reference is the key: no text is hashed or compared in a call.
    private sealed class ByReference : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => ReferenceEquals(x, y);
        public int GetHashCode(string text) => RuntimeHelpers.GetHashCode(text);
    }

    private static readonly ConcurrentDictionary<string, nint> Found = new(new ByReference());

    /// <summary>The native operator behind a literal name.</summary>
    public static nint Find(string op) => Found.TryGetValue(op, out var found) ? found : Found.GetOrAdd(op, Look(op));

    private static nint Look(string op)
    {
        var dot = op.IndexOf('.');
        var name = (op.Contains("::") ? "" : "aten::") + (dot < 0 ? op : op[..dot]);
        var overload = dot < 0 ? "" : op[(dot + 1)..];
        nint found;
        fixed (byte* nameBytes = Encoding.UTF8.GetBytes(name + '\0'), overloadBytes = Encoding.UTF8.GetBytes(overload + '\0'))
            NativeMethods.Check(NativeMethods.engine_operator_find(nameBytes, overloadBytes, &found));
        return found;
    }
}
