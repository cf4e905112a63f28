using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The kernel as a function of autograd: it keeps one place for each image and prototype.</summary>
internal sealed unsafe class NearestPatchFunction : autograd.SingleTensorFunction<NearestPatchFunction>
{
    private const string FeaturesLearn = "features", PrototypesLearn = "prototypes";

    /// <inheritdoc/>
    public override string Name => nameof(NearestPatchFunction);

    /// <summary>Distances and places, [N, P]; a place is the first of equally near ones.</summary>
    internal static (Tensor Distances, Tensor Places) Values(Tensor features, Tensor prototypes, int imagesPerTile = 0)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (maps, patches) = (ChannelsLast(features), ChannelsLast(prototypes));
        long[] shape = [features.size(0), prototypes.size(0)];
        var (distances, places) = (empty(shape), empty(shape, ScalarType.Int32));
        new NearestPatches(maps, patches).Forward(maps, patches, distances.Address<float>(), places.Address<int>(), imagesPerTile);
        return (distances.MoveToOuterDisposeScope(), places.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (features, prototypes) = ((Tensor)vars[0], (Tensor)vars[1]);
        var (distances, places) = Values(features, prototypes);
        // A distance that was cut off at 0 has no gradient.
        var distance = distances.Address<float>();
        var place = places.Address<int>();
        for (var i = 0L; i < distances.numel(); i++)
            if (distance[i] <= 0) place[i] = -1;
        ctx.save_data(FeaturesLearn, features.requires_grad);
        ctx.save_data(PrototypesLearn, prototypes.requires_grad);
        ctx.save_for_backward([features, prototypes, places]);
        return distances;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (featuresLearn, prototypesLearn) = ((bool)ctx.get_data(FeaturesLearn), (bool)ctx.get_data(PrototypesLearn));
        var saved = ctx.get_saved_variables();
        using var features = saved[0];
        using var prototypes = saved[1];
        using var places = saved[2];
        if (is_grad_enabled()) return AgainInTensors(features, prototypes, featuresLearn, prototypesLearn, grad_output);

        using var scope = NewDisposeScope();
        var (maps, patches, upstream) = (ChannelsLast(features), ChannelsLast(prototypes), grad_output.contiguous());
        var kernel = new NearestPatches(maps, patches);
        var x = maps.Address<float>();
        var p = patches.Address<float>();
        var place = places.Address<int>();
        var up = upstream.Address<float>();
        Tensor? featureGradient = null, prototypeGradient = null;
        if (featuresLearn)
        {
            var gradient = empty_like(maps);
            kernel.FeatureGradient(x, p, place, up, gradient.Address<float>());
            featureGradient = gradient.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
        }

        if (prototypesLearn)
        {
            var gradient = empty_like(patches);
            kernel.PrototypeGradient(x, p, place, up, gradient.Address<float>());
            prototypeGradient = gradient.permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
        }

        return [featureGradient!, prototypeGradient!];
    }

    /// <summary>Gradients that are to be differentiated themselves come from the tensor operations.</summary>
    private static List<Tensor> AgainInTensors(Tensor features, Tensor prototypes, bool featuresLearn, bool prototypesLearn, Tensor upstream)
    {
        using var scope = NewDisposeScope();
        var minimum = PrototypeDistance.MinimumInTensors(features, prototypes);
        List<Tensor> learning = [.. featuresLearn ? [features] : Array.Empty<Tensor>(), .. prototypesLearn ? [prototypes] : Array.Empty<Tensor>()];
        var gradients = autograd.grad([minimum], learning, [upstream], retain_graph: true, create_graph: true).Select(one => one.MoveToOuterDisposeScope()).ToList();
        return [featuresLearn ? gradients[0] : null!, prototypesLearn ? gradients[^1] : null!];
    }

    private static Tensor ChannelsLast(Tensor maps) => maps.detach().permute(0, 2, 3, 1).contiguous();
}
