using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers of a parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>Shows everything remembered to <paramref name="walk"/>, in the order of a saved state.</summary>
    internal virtual void Walk(StateWalk walk)
    {
    }

    /// <summary>Starts over: what is remembered before the first step.</summary>
    public abstract void Initialize(OptimizerOptions options);

    public virtual void SaveStateDict(BinaryWriter writer) => Walk(new StateWalk.Saving(writer));

    public virtual void LoadStateDict(BinaryReader reader) => Walk(new StateWalk.Loading(reader, _parameter));

    /// <summary>Copies another optimiser's memory, onto the parameter's device.</summary>
    public virtual void LoadStateDict(OptimizerState source)
    {
        if (source.GetType() != GetType())
            throw new ArgumentException($"The state is of type {source.GetType().FullName}, one of {GetType().FullName} is needed.", nameof(source));
        Walk(new StateWalk.Setting(StateWalk.Values(source), _parameter.device));
    }

    public virtual bool ApproximatelyEquals(OptimizerState other)
    {
        if (other?.GetType() != GetType()) return false;
        var comparison = new StateWalk.Comparing(StateWalk.Values(other));
        Walk(comparison);
        return comparison.Equal;
    }

    public virtual void to(Device device) => Walk(new StateWalk.Moving(device));

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        if (!reader.ReadBoolean())
        {
            result?.Dispose();
            result = null;
            return;
        }
        TensorExtensionMethods.Load(ref result, reader);
        StateWalk.Move(ref result, device);
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    /// <summary>Loads or drops a tensor that a saved state may lack.</summary>
    internal static void LoadOptional(BinaryReader reader, ref Tensor? result, Device device) => LoadConditionalStateTensor(reader, ref result, device);

    internal static void SaveOptional(BinaryWriter writer, Tensor? tensor) => SaveConditionalStateTensor(writer, tensor);
}
