using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Looks at regions one by one: what each holds, where exactly, and with a <see cref="MaskBranch"/> with which outline. The parts have torchvision's names:
/// <c>box_head</c>, <c>box_predictor</c>, <c>mask_head</c> and <c>mask_predictor</c>.
/// </summary>
public sealed class RegionHeads : nn.Module<IReadOnlyList<Tensor>, RegionProposals, ImageBatch, DetectionOutput>
{
    private readonly RegionPooling _pooling;
    private readonly RegionPooling? _maskPooling;
    private readonly RegionHeadOptions _options;

    // Not readonly: the predictors can be exchanged.
#pragma warning disable IDE0044
    [ComponentName(Name = "box_head")] private nn.Module<Tensor, Tensor> _boxHead;
    [ComponentName(Name = "box_predictor")] private nn.Module<Tensor, (Tensor Logits, Tensor Moves)> _boxPredictor;
    [ComponentName(Name = "mask_head")] private nn.Module<Tensor, Tensor>? _maskHead;
    [ComponentName(Name = "mask_predictor")] private nn.Module<Tensor, Tensor>? _maskPredictor;
#pragma warning restore IDE0044

    /// <summary>Puts the parts together, which are owned by this.</summary>
    /// <param name="pooling">Cuts the features of regions out.</param>
    /// <param name="boxHead">Works on them: a <see cref="LinearBoxHead"/>, a <see cref="ConvolutionalBoxHead"/> or one of the caller's, from [K, C, h, w] to [K, features].</param>
    /// <param name="boxPredictor">From features to logits [K, classes] and moves [K, 4 classes]: a <see cref="BoxPredictor"/>, or one of the caller's.</param>
    /// <param name="options">The numbers; torchvision's where null.</param>
    /// <param name="masks">What makes masks; null for none.</param>
    public RegionHeads(
        RegionPooling pooling, nn.Module<Tensor, Tensor> boxHead, nn.Module<Tensor, (Tensor Logits, Tensor Moves)> boxPredictor,
        RegionHeadOptions? options = null, MaskBranch? masks = null) : base(nameof(RegionHeads))
    {
        ArgumentNullException.ThrowIfNull(pooling);
        ArgumentNullException.ThrowIfNull(boxHead);
        ArgumentNullException.ThrowIfNull(boxPredictor);
        (_pooling, _boxHead, _boxPredictor, _options) = (pooling, boxHead, boxPredictor, options ?? new());
        (_maskPooling, _maskHead, _maskPredictor) = (masks?.Pooling, masks?.Head, masks?.Predictor);
        RegisterComponents();
    }

    /// <summary>Whether there are masks.</summary>
    public bool HasMasks => _maskPooling is not null;

    /// <summary>What says which class a region holds. Another one takes its place, as for other classes than a checkpoint's, and the former is disposed of.</summary>
    public nn.Module<Tensor, (Tensor Logits, Tensor Moves)> BoxPredictor
    {
        get => _boxPredictor;
        set => Exchange("box_predictor", ref _boxPredictor, value);
    }

    /// <summary>What makes the masks; null where there are none. Another one takes its place, and the former is disposed of.</summary>
    /// <exception cref="InvalidOperationException">The model has no masks.</exception>
    public nn.Module<Tensor, Tensor>? MaskPredictor
    {
        get => _maskPredictor;
        set
        {
            if (_maskPredictor is null) throw new InvalidOperationException("The model has no masks, and none can be added.");
            Exchange("mask_predictor", ref _maskPredictor!, value!);
        }
    }

    /// <summary>Finds objects where it is in evaluation mode, and says how well it does where there are targets.</summary>
    /// <param name="maps">[N, C, Hl, Wl], from the finest to the coarsest.</param>
    /// <param name="proposals">The regions.</param>
    /// <param name="batch">The images of the maps, with their targets where there are any.</param>
    /// <returns>Boxes in pixels of the resized images, and masks of the predictor's size.</returns>
    public override DetectionOutput forward(IReadOnlyList<Tensor> maps, RegionProposals proposals, ImageBatch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var losses = batch.Targets.Count > 0 ? Losses(maps, proposals.ForTraining, batch) : [];
        var found = training ? [] : Detect(maps, proposals.ForDetection, batch);
        return new DetectionOutput(losses, found).MoveToOuterDisposeScope();
    }

    private List<LossTerm> Losses(IReadOnlyList<Tensor> maps, IReadOnlyList<Tensor> proposals, ImageBatch batch)
    {
        var samples = proposals.Select((boxes, i) => RegionSample.Draw(boxes, batch.Targets[i], _options)).ToList();
        var (logits, moves) = Predict(maps, [.. samples.Select(sample => sample.Boxes)], batch);
        var losses = RegionLosses.OfBoxes(logits, moves, samples);
        if (_maskPooling is not null) losses.Add(MaskLoss(maps, samples, batch));
        return losses;
    }

    private LossTerm MaskLoss(IReadOnlyList<Tensor> maps, List<RegionSample> samples, ImageBatch batch)
    {
        // No region stands for an object: nothing to look at, and a batch normalisation must not see an empty batch.
        if (samples.All(sample => sample.Positives.size(0) == 0)) return new("loss_mask", _maskPredictor!.parameters().First().sum() * 0);
        using var scope = NewDisposeScope();
        var boxes = samples.Select(sample => sample.Boxes.index_select(0, sample.Positives)).ToList();
        var labels = cat([.. samples.Select(sample => sample.Labels.index_select(0, sample.Positives))]);
        var logits = MaskLogits(maps, boxes, labels, batch);
        return new("loss_mask", RegionLosses.OfMasks(logits, boxes, samples, batch.Targets).MoveToOuterDisposeScope());
    }

    private List<Detections> Detect(IReadOnlyList<Tensor> maps, IReadOnlyList<Tensor> proposals, ImageBatch batch)
    {
        var (logits, moves) = Predict(maps, proposals, batch);
        var found = new RegionDecoding(_options).Detections(logits, moves, proposals, batch.Sizes);
        if (_maskPooling is null) return found;
        using var scope = NewDisposeScope();
        var labels = cat([.. found.Select(one => one.Labels)]);
        var masks = MaskLogits(maps, [.. found.Select(one => one.Boxes)], labels, batch).sigmoid().unsqueeze(1);
        var parts = masks.split([.. found.Select(one => one.Count)]);
        return [.. found.Select((one, i) => one with { Masks = parts[i].MoveToOuterDisposeScope() })];
    }

    private (Tensor Logits, Tensor Moves) Predict(IReadOnlyList<Tensor> maps, IReadOnlyList<Tensor> boxes, ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        var pooled = _pooling(maps, boxes, batch.Sizes);
        var features = _boxHead.call(pooled);
        pooled.Dispose();
        var (logits, moves) = _boxPredictor.call(features);
        return (logits.MoveToOuterDisposeScope(), moves.MoveToOuterDisposeScope());
    }

    /// <summary>The masks of the labels, [K, M, M].</summary>
    private Tensor MaskLogits(IReadOnlyList<Tensor> maps, IReadOnlyList<Tensor> boxes, Tensor labels, ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        var pooled = _maskPooling!(maps, boxes, batch.Sizes);
        var features = _maskHead!.call(pooled);
        pooled.Dispose();
        if (_maskPredictor is MaskPredictor own) return own.Select(features, labels).MoveToOuterDisposeScope();
        var all = _maskPredictor!.call(features);
        var index = labels.view(-1, 1, 1, 1).expand(-1, 1, all.size(2), all.size(3));
        return all.gather(1, index).squeeze(1).MoveToOuterDisposeScope();
    }

    private void Exchange<T>(string name, ref T field, T value) where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(value);
        if (ReferenceEquals(field, value)) return;
        register_module(name, null!);
        register_module(name, value);
        field.Dispose();
        field = value;
        value.train(training);
    }
}
