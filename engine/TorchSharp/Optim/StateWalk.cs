using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Something that is done to everything an optimiser remembers of a parameter, so that a state names its parts once.</summary>
internal abstract class StateWalk
{
    public abstract void On(ref long value);
    public abstract void On(ref double value);

    /// <param name="tensor">A tensor that no scope owns.</param>
    /// <param name="optional">Whether the tensor may be null; a saved state then says whether it is.</param>
    public abstract void On(ref Tensor tensor, bool optional = false);

    /// <summary>The parts of a state in order; its tensors, not copies.</summary>
    public static Queue<object?> Values(OptimizerState state)
    {
        var collection = new Collecting();
        state.Walk(collection);
        return collection.Found;
    }

    /// <summary>A tensor like the parameter, that no scope owns.</summary>
    public static void Reset(ref Tensor tensor, Parameter parameter, double value = 0)
    {
        tensor?.Dispose();
        tensor = Operators.aten("full_like", parameter, value).DetachFromDisposeScope();
    }

    /// <summary>Replaces a tensor by one on the device, unless it is there.</summary>
    public static void Move(ref Tensor? tensor, Device device)
    {
        if (tensor is null) return;
        var moved = tensor.to(device).DetachFromDisposeScope();
        tensor.Dispose();
        tensor = moved;
    }

    public sealed class Saving(BinaryWriter writer) : StateWalk
    {
        public override void On(ref long value) => writer.Write(value);
        public override void On(ref double value) => writer.Write(value);

        public override void On(ref Tensor tensor, bool optional)
        {
            if (optional) OptimizerState.SaveOptional(writer, tensor);
            else tensor.Save(writer);
        }
    }

    public sealed class Loading(BinaryReader reader, Parameter parameter) : StateWalk
    {
        public override void On(ref long value) => value = reader.ReadInt64();
        public override void On(ref double value) => value = reader.ReadDouble();

        public override void On(ref Tensor tensor, bool optional)
        {
            if (optional) OptimizerState.LoadOptional(reader, ref tensor!, parameter.device);
            else tensor.Load(reader);
        }
    }

    private sealed class Collecting : StateWalk
    {
        public readonly Queue<object?> Found = [];
        public override void On(ref long value) => Found.Enqueue(value);
        public override void On(ref double value) => Found.Enqueue(value);
        public override void On(ref Tensor tensor, bool optional) => Found.Enqueue(tensor);
    }

    public sealed class Setting(Queue<object?> values, Device device) : StateWalk
    {
        public override void On(ref long value) => value = (long)values.Dequeue()!;
        public override void On(ref double value) => value = (double)values.Dequeue()!;

        public override void On(ref Tensor tensor, bool optional)
        {
            var copy = ((Tensor?)values.Dequeue())?.to(device, copy: true).DetachFromDisposeScope();
            tensor?.Dispose();
            tensor = copy!;
        }
    }

    public sealed class Comparing(Queue<object?> values) : StateWalk
    {
        public bool Equal { get; private set; } = true;

        public override void On(ref long value) => Equal &= value == (long)values.Dequeue()!;
        public override void On(ref double value) => Equal &= value == (double)values.Dequeue()!;

        public override void On(ref Tensor tensor, bool optional)
        {
            var other = (Tensor?)values.Dequeue();
            Equal &= tensor is null || other is null ? tensor is null && other is null : Operators.atenBool("allclose", tensor, other);
        }
    }

    public sealed class Moving(Device device) : StateWalk
    {
        public override void On(ref long value)
        {
        }

        public override void On(ref double value)
        {
        }

        public override void On(ref Tensor tensor, bool optional) => Move(ref tensor!, device);
    }

    /// <summary>Disposes of the tensors.</summary>
    public sealed class Disposing : StateWalk
    {
        public override void On(ref long value)
        {
        }

        public override void On(ref double value)
        {
        }

        public override void On(ref Tensor tensor, bool optional) => tensor?.Dispose();
    }
}
