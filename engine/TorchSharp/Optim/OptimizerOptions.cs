namespace TorchSharp.Modules;

/// <summary>The settings of a group; null where the optimiser's own hold.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    /// <summary>The learning rate before any scheduler changed it.</summary>
    public double InitialLearningRate { get; set; }

    /// <summary>Shows every further setting to <paramref name="walk"/>, in the order of a saved state.</summary>
    internal virtual void Walk(OptionWalk walk)
    {
    }

    internal void FillFrom(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        OptionWalk.Copy(defaults, this, onlyMissing: true);
    }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
        Walk(new OptionWalk.Saving(writer));
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
        Walk(new OptionWalk.Loading(reader));
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
        OptionWalk.Copy(source, this, onlyMissing: false);
    }
}
