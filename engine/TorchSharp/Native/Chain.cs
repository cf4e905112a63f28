using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// Operators that work in place or into scratch tensors, to run in order in one native call with nothing recorded for backward.
/// </summary>
internal sealed unsafe class Chain
{
    private const int MostLinks = 24;
    private const int MostTensors = 8;

    // Pinned once: the native side reads both arrays where they are.
    private readonly Link[] _links = GC.AllocateArray<Link>(MostLinks, pinned: true);
    private readonly nint[] _tensors = GC.AllocateArray<nint>(MostTensors, pinned: true);
    private int _linkCount;
    private int _tensorCount;
    private int _scratchCount;

    /// <summary>One operator; mirrors Link in engine/native/operators.cpp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Link
    {
        public nint Operator;
        public long Count;
        public NativeValue First, Second, Third, Fourth, Fifth;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _linkCount = _tensorCount = _scratchCount = 0;

    /// <summary>The slot of a tensor, which the caller keeps alive until <see cref="Run"/> is over.</summary>
    public Slot Use(Tensor tensor) => Use(tensor.Handle);

    public Slot Use(nint tensor)
    {
        if (_scratchCount > 0) throw new InvalidOperationException("The tensors of a chain come before its scratch tensors.");
        _tensors[_tensorCount] = tensor;
        return new(_tensorCount++);
    }

    /// <summary>In a step of an optimiser, the first slot.</summary>
    public Slot Parameter => new(0);

    /// <summary>In a step of an optimiser the second slot, or a scratch tensor with the gradient turned and decayed.</summary>
    public Slot Gradient(double weight_decay, bool maximize = false)
    {
        var gradient = new Slot(1);
        if (maximize)
        {
            var turned = Scratch();
            Do("neg.out", gradient, turned);
            gradient = turned;
        }
        if (weight_decay == 0) return gradient;
        var decayed = maximize ? gradient : Scratch();
        Do("add.out", gradient, Parameter, weight_decay, decayed);
        return decayed;
    }

    /// <summary>A tensor like the first, with undefined values, that lasts for the run.</summary>
    public Slot Scratch() => new(_tensorCount + _scratchCount++);

    /// <summary>Adds an operator; like <see cref="Operators.aten"/>, but no argument is a list.</summary>
    public void Do(string op, params ReadOnlySpan<Value> arguments)
    {
        ref var link = ref _links[_linkCount++];
        link.Operator = Operators.Find(op);
        link.Count = arguments.Length;
        fixed (NativeValue* values = &link.First)
            for (var i = 0; i < arguments.Length; i++) arguments[i].Write(values + i, null);
    }

    public void Run()
    {
        fixed (Link* links = _links)
        fixed (nint* tensors = _tensors)
            NativeMethods.Check(NativeMethods.engine_chain_run(links, _linkCount, tensors, _tensorCount, _scratchCount));
    }
}
