using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What a detection model returns: the terms of its loss where it was given targets, and what it found where it is in evaluation mode.</summary>
/// <remarks>All tensors belong to the dispose scope in which the model was called; disposing of this disposes of them.</remarks>
/// <param name="Losses">
/// Under torchvision's names: <c>loss_classifier</c>, <c>loss_box_reg</c>, <c>loss_mask</c> of a model with masks, <c>loss_objectness</c> and
/// <c>loss_rpn_box_reg</c> of one with region proposals. Empty without targets.
/// </param>
/// <param name="Detections">One for each image. Empty in training mode.</param>
public sealed record DetectionOutput(IReadOnlyList<LossTerm> Losses, IReadOnlyList<Detections> Detections) : IDisposable
{
    /// <summary>The value of a term of the loss.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public Tensor this[string name] => Losses.FirstOrDefault(term => term.Name == name).Value
        ?? throw new KeyNotFoundException($"No loss is named '{name}'; there are: {string.Join(", ", Losses.Select(term => term.Name))}.");

    /// <summary>The sum of the terms, each times its weight, to call <c>backward</c> on.</summary>
    /// <returns>A scalar, in the dispose scope of the caller.</returns>
    /// <exception cref="InvalidOperationException">There are no losses, for the model was given no targets.</exception>
    public Tensor TotalLoss()
    {
        if (Losses.Count == 0) throw new InvalidOperationException("There are no losses: the model was given no targets.");
        using var scope = NewDisposeScope();
        return Losses.Select(term => term.Value * term.Weight).Aggregate((sum, term) => sum + term).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes of all tensors.</summary>
    public void Dispose()
    {
        foreach (var term in Losses) term.Value.Dispose();
        foreach (var found in Detections) found.Dispose();
    }

    /// <summary>The same detections in pixels of the images as they were given, with whole masks.</summary>
    internal DetectionOutput InPixelsOf(ImageBatch batch) => this with { Detections = [.. Detections.Select((found, i) => InPixelsOf(found, batch.Sizes[i], batch.OriginalSizes[i]))] };

    private static Detections InPixelsOf(Detections found, ImageSize resized, ImageSize original)
    {
        var boxes = ImageTransform.Resize(found.Boxes, resized, original);
        return found with { Boxes = boxes, Masks = found.Masks is { } masks ? MaskPaste.IntoImages(masks, boxes, original.Height, original.Width) : null };
    }

    internal DetectionOutput MoveToOuterDisposeScope()
    {
        foreach (var term in Losses) term.Value.MoveToOuterDisposeScope();
        foreach (var found in Detections) found.MoveToOuterDisposeScope();
        return this;
    }
}
