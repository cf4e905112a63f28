using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Trains the parts of an R-CNN that are its own: the machines of the classes on the objects and on hard negatives, the regressions on regions near objects.
/// </summary>
internal sealed class RegionCnnTraining(RegionFeatures features, RegionCnnOptions options, RegionCnnTrainingOptions training)
{
    /// <summary>A picture with everything that is needed of it: its regions, the objects among them, and their features, not scaled.</summary>
    private sealed record Regions(Tensor Features, Tensor Boxes, Tensor Overlaps, Tensor Labels, long Objects);

    public RegionCnnWeights Run(IReadOnlyList<Tensor> images, IReadOnlyList<DetectionTarget> targets)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var pictures = images.Select((image, i) => Read(image, targets[i])).ToList();
        var scale = training.FeatureNorm / MeanNorm(pictures);
        var classes = targets.Max(target => target.Labels.numel() > 0 ? target.Labels.max().item<long>() : 0);
        var machines = Machines(pictures, classes, scale);
        try
        {
            var weight = stack([.. machines.Select(machine => machine.Machine!.Weight)]);
            var bias = tensor(machines.Select(machine => (float)machine.Machine!.Bias).ToArray(), device: weight.device);
            return new RegionCnnWeights(weight, bias, training.BoxRegression ? Regressions(pictures, classes, scale) : null, scale).DetachFromDisposeScope();
        }
        finally
        {
            machines.ForEach(machine => machine.Dispose());
        }
    }

    private Regions Read(Tensor image, DetectionTarget target)
    {
        using var scope = NewDisposeScope();
        var boxes = cat([target.Boxes, SelectiveSearch.Propose(image, options.Search)], 0);
        var found = features.Of(image, boxes);
        return new(
            found.MoveToOuterDisposeScope(), boxes.MoveToOuterDisposeScope(),
            Boxes.Iou(boxes, target.Boxes).MoveToOuterDisposeScope(), target.Labels.alias().MoveToOuterDisposeScope(), target.Boxes.size(0));
    }

    private static double MeanNorm(List<Regions> pictures)
    {
        using var scope = NewDisposeScope();
        var norms = cat([.. pictures.Select(picture => picture.Features.narrow(0, picture.Objects, picture.Features.size(0) - picture.Objects).norm(1, false, 2f))], 0);
        var mean = norms.mean().to(ScalarType.Float64).item<double>();
        return mean > 0 && double.IsFinite(mean) ? mean : throw new InvalidOperationException($"The regions' features have a mean norm of {mean}; expected a finite one above 0.");
    }

    private List<HardNegatives> Machines(List<Regions> pictures, long classes, double scale)
    {
        var caches = Enumerable.Range(1, (int)classes).Select(label => new HardNegatives(Positives(pictures, label, scale), training)).ToList();
        for (var pass = 0; pass < training.Passes; pass++)
        {
            for (var i = 0; i < pictures.Count; i++)
            {
                using var scope = NewDisposeScope();
                var scaled = pictures[i].Features * scale;
                var isLast = pass == training.Passes - 1 && i == pictures.Count - 1;
                for (var label = 1; label <= classes; label++)
                {
                    var cache = caches[label - 1];
                    cache.Gather(i, scaled, OverlapWith(pictures[i], label));
                    if (cache.Machine is null || cache.IsFull || isLast) cache.Train();
                }
            }
        }

        return caches.TrueForAll(cache => cache.Machine is not null) ? caches : throw new ArgumentException("There is no negative of a class in any picture.", "images");
    }

    private static Tensor Positives(List<Regions> pictures, long label, double scale)
    {
        using var scope = NewDisposeScope();
        var rows = pictures.Where(picture => picture.Objects > 0)
            .Select(picture => picture.Features.narrow(0, 0, picture.Objects).index_select(0, picture.Labels.eq(label).nonzero().squeeze(1))).ToArray();
        var positives = rows.Length > 0 ? cat(rows, 0) * scale : null;
        return positives is not null && positives.size(0) > 0
            ? positives.MoveToOuterDisposeScope()
            : throw new ArgumentException($"No target has the label {label}; expected labels from 1 to the number of classes, each somewhere.", "targets");
    }

    private static Tensor OverlapWith(Regions picture, long label)
    {
        var objects = picture.Labels.eq(label).nonzero().squeeze(1);
        return objects.size(0) > 0 ? picture.Overlaps.index_select(1, objects).amax([1]) : zeros(picture.Boxes.size(0), device: picture.Boxes.device);
    }

    /// <summary>For each class its regression; one that has no regions leaves boxes as they are.</summary>
    private (Tensor Weight, Tensor Bias) Regressions(List<Regions> pictures, long classes, double scale)
    {
        var (weights, biases) = (new List<Tensor>(), new List<Tensor>());
        var any = pictures[0].Features;
        for (var label = 1; label <= classes; label++)
        {
            var pairs = pictures.Where(picture => picture.Objects > 0).Select(picture => Near(picture, label)).ToList();
            if (pairs.Sum(pair => pair.Boxes.size(0)) == 0)
            {
                weights.Add(zeros(any.size(1), 4, device: any.device));
                biases.Add(zeros(4, device: any.device));
                continue;
            }

            using var regression = BoxRidgeRegression.Fit(
                cat([.. pairs.Select(pair => pair.Features)], 0) * scale, cat([.. pairs.Select(pair => pair.Boxes)], 0), cat([.. pairs.Select(pair => pair.Truth)], 0), training.RegressionPenalty);
            weights.Add(regression.Weight.clone());
            biases.Add(regression.Bias.clone());
        }

        return (stack(weights), stack(biases));
    }

    /// <summary>The regions that overlap an object of the class enough, and no other object more.</summary>
    private (Tensor Features, Tensor Boxes, Tensor Truth) Near(Regions picture, long label)
    {
        var (most, which) = picture.Overlaps.max(1);
        var near = most.gt(training.RegressionOverlap).logical_and(picture.Labels.index_select(0, which).eq(label)).nonzero().squeeze(1);
        return (picture.Features.index_select(0, near), picture.Boxes.index_select(0, near), picture.Boxes.index_select(0, which.index_select(0, near)));
    }
}
