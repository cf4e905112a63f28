using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// A convolutional network for images with torchvision's architecture and state-dict names. It has stages, of which the first ones can be
/// frozen (<see cref="Freeze"/>) or learn more slowly (<see cref="DiscriminativeLearningRates"/>).
/// </summary>
public abstract class Backbone : nn.Module<Tensor, Tensor>
{
    private const int ImageDimensions = 4, Channels = 3;

    private protected Backbone(string name) : base(name)
    {
    }

    /// <summary>The stages from the image to the head. Every parameter belongs to exactly one of them.</summary>
    public abstract IReadOnlyList<BackboneStage> Stages { get; }

    /// <summary>How many of the first stages are frozen.</summary>
    public int FrozenStages { get; private set; }

    /// <summary>
    /// Freezes the first stages: their parameters take no gradient, and they stay in evaluation mode whatever <c>train()</c> says, so that
    /// their batch normalisation neither uses nor gathers statistics of batches. All later stages learn, those frozen before included.
    /// </summary>
    /// <param name="stages">How many; 0 freezes none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void Freeze(int stages)
    {
        if (stages < 0 || stages > Stages.Count)
            throw new ArgumentOutOfRangeException(nameof(stages), stages, $"Expected 0 to {Stages.Count}: {string.Join(", ", Stages.Select(stage => stage.Name))}.");
        FrozenStages = stages;
        for (var i = 0; i < Stages.Count; i++)
            foreach (var parameter in Stages[i].Parameters)
                parameter.requires_grad = i >= stages;
        this.train(training);
    }

    /// <summary>Sets the mode of all stages but the frozen ones, which stay in evaluation mode.</summary>
    /// <param name="train">Whether they train.</param>
    public override void train(bool train = true)
    {
        base.train(train);
        foreach (var module in Stages.Take(FrozenStages).SelectMany(stage => stage.Modules)) module.eval();
    }

    /// <summary>Runs images through the network.</summary>
    /// <param name="input">Images, [N, 3, H, W], of the floating type and on the device of the weights.</param>
    /// <returns>Logits, [N, classes].</returns>
    /// <exception cref="ArgumentException">The input has another number of dimensions or channels.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() != ImageDimensions || input.size(1) != Channels)
            throw new ArgumentException($"Expected images [N, {Channels}, H, W], and {input.ShapeText()} came.", nameof(input));
        using var scope = NewDisposeScope();
        return Run(input).MoveToOuterDisposeScope();
    }

    /// <summary>The network itself, inside a dispose scope.</summary>
    private protected abstract Tensor Run(Tensor images);

    /// <summary>Refuses options without classes, where the head is a part of the network that nothing replaces.</summary>
    private protected static T WithHead<T>(T? options) where T : BackboneOptions, new()
    {
        options ??= new();
        return options.NumClasses > 0 ? options : throw new ArgumentOutOfRangeException(nameof(options), options.NumClasses, "Expected at least one class.");
    }
}
