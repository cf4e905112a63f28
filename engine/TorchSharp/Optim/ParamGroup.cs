using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Parameters that share settings.</summary>
public class ParamGroup : ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    /// <summary>The settings; what is null in them, or they themselves, comes from the optimiser when it takes the group.</summary>
    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null) => (Parameters, base.Options) = (parameters, options!);

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
