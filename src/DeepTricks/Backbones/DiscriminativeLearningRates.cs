using TorchSharp.Modules;

namespace DeepTricks.Backbones;

/// <summary>
/// Learning rates that fall from the head towards the image, for what the first stages have learned is the most general: the last stage has
/// the full rate, each one before it that of its successor times a decay (Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", 2018).
/// </summary>
/// <remarks>
/// The groups go into the constructor of the optimiser, which sets everything else. Parameters that take no gradient are left out, so stages are frozen first.
/// </remarks>
public static class DiscriminativeLearningRates
{
    /// <summary>1 / 2.6, as in the paper.</summary>
    public const double DefaultDecay = 1 / 2.6;

    /// <summary>Groups for <c>torch.optim.SGD</c>, one a stage.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="learningRate">The rate of the head, above 0.</param>
    /// <param name="decay">What a stage's rate is multiplied by for the stage before, above 0 and at most 1.</param>
    /// <returns>The groups, from the image to the head.</returns>
    /// <exception cref="ArgumentException">A value is out of its range, or everything is frozen.</exception>
    public static IReadOnlyList<SGD.ParamGroup> Sgd(Backbone backbone, double learningRate, double decay = DefaultDecay) =>
        Sgd(StagesOf(backbone), learningRate, decay);

    /// <summary>
    /// Groups for <c>torch.optim.SGD</c> of a model around a backbone: <c>[.. backbone.Stages.Select(stage => stage.Parameters), decoder.parameters()]</c>.
    /// </summary>
    /// <param name="stages">The parameters of the stages, from the image to the head.</param>
    /// <param name="learningRate">The rate of the last stage, above 0.</param>
    /// <param name="decay">What a stage's rate is multiplied by for the stage before, above 0 and at most 1.</param>
    /// <returns>The groups, in the order of the stages.</returns>
    /// <exception cref="ArgumentException">A value is out of its range, a parameter comes twice, or everything is frozen.</exception>
    public static IReadOnlyList<SGD.ParamGroup> Sgd(IEnumerable<IEnumerable<Parameter>> stages, double learningRate, double decay = DefaultDecay) =>
        [.. Rates(stages, learningRate, decay).Select(stage => new SGD.ParamGroup(stage.Parameters, new SGD.Options { LearningRate = stage.Rate }))];

    /// <summary>Groups for <c>torch.optim.AdamW</c>, one a stage.</summary>
    /// <inheritdoc cref="Sgd(Backbone, double, double)"/>
    public static IReadOnlyList<AdamW.ParamGroup> AdamW(Backbone backbone, double learningRate, double decay = DefaultDecay) =>
        AdamW(StagesOf(backbone), learningRate, decay);

    /// <summary>Groups for <c>torch.optim.AdamW</c> of a model around a backbone.</summary>
    /// <inheritdoc cref="Sgd(IEnumerable{IEnumerable{Parameter}}, double, double)"/>
    public static IReadOnlyList<AdamW.ParamGroup> AdamW(IEnumerable<IEnumerable<Parameter>> stages, double learningRate, double decay = DefaultDecay) =>
        [.. Rates(stages, learningRate, decay).Select(stage => new AdamW.ParamGroup(stage.Parameters, new AdamW.Options { LearningRate = stage.Rate }))];

    private static IEnumerable<IEnumerable<Parameter>> StagesOf(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.Stages.Select(stage => stage.Parameters);
    }

    private static List<(List<Parameter> Parameters, double Rate)> Rates(IEnumerable<IEnumerable<Parameter>> stages, double learningRate, double decay)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (!(learningRate > 0 && double.IsFinite(learningRate))) throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "Expected a finite rate above 0.");
        if (decay is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(decay), decay, "Expected a decay above 0 and at most 1.");
        var all = stages.Select(stage => stage.ToList()).ToList();
        if (all.Sum(stage => stage.Count) != all.SelectMany(stage => stage).Distinct(ReferenceEqualityComparer.Instance).Count())
            throw new ArgumentException("A parameter comes twice, and would learn twice a step.", nameof(stages));
        var groups = all
            .Select((stage, i) => (Parameters: stage.Where(parameter => parameter.requires_grad).ToList(), Rate: learningRate * Math.Pow(decay, all.Count - 1 - i)))
            .Where(group => group.Parameters.Count > 0)
            .ToList();
        return groups.Count > 0 ? groups : throw new ArgumentException("No parameter takes a gradient: everything is frozen.", nameof(stages));
    }
}
