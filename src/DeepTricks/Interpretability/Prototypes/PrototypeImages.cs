using DeepTricks.Data;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>What the searches through images have in common.</summary>
internal static class PrototypeImages
{
    /// <summary>Runs the batches of a source through a network in evaluation mode and without gradients; its modes are put back.</summary>
    internal static void Each(ProtoPNet model, IBatchSource source, Func<Tensor, Tensor>? preprocess, Action<Batch, Tensor> act)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        using var modes = new ModuleModes(model);
        using var ungraded = no_grad();
        model.eval();
        foreach (var batch in source.Epoch(0))
        {
            using var taken = batch;
            if (batch.Target is null) throw new ArgumentException("The images have no classes.", nameof(source));
            if (batch.Input.dim() != 4) throw new ArgumentException($"Expected images [N, C, H, W], and {batch.Input.ShapeText()} came.", nameof(source));
            using var scope = NewDisposeScope();
            act(batch, Features(model, batch.Input, preprocess));
        }
    }

    /// <summary>Keeps wanted images of a source, and calls for each batch that has some with their rows.</summary>
    internal static void Pictures(IBatchSource source, HashSet<long> wanted, Dictionary<long, PrototypePicture> pictures, Action<Batch, long[]>? act = null)
    {
        using var ungraded = no_grad();
        foreach (var batch in source.Epoch(0))
        {
            using var taken = batch;
            using var scope = NewDisposeScope();
            var indices = batch.Indices.ToArray();
            long[] rows = [.. Enumerable.Range(0, indices.Length).Where(row => wanted.Contains(indices[row]))];
            if (rows.Length == 0) continue;
            foreach (var row in rows) pictures[indices[row]] = PrototypePicture.Of(batch.Input[row]);
            act?.Invoke(batch, rows);
        }
    }

    /// <summary>The feature maps of images, on the device of the network.</summary>
    internal static Tensor Features(ProtoPNet model, Tensor images, Func<Tensor, Tensor>? preprocess)
    {
        var input = preprocess is null ? images : preprocess(images);
        return model.Features(input.SharesDeviceWith(model.Prototypes) ? input : input.to(model.Prototypes.device));
    }

    /// <summary>The labels as numbers, each a class.</summary>
    internal static long[] Labels(Tensor labels, int count, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.dim() != 1 || labels.size(0) != count || labels.dtype != ScalarType.Int64)
            throw new ArgumentException($"Expected {count} labels of type Int64, and {labels.ShapeText()} of type {labels.dtype} came.", nameof(labels));
        using var scope = NewDisposeScope();
        var values = labels.cpu().Values<long>();
        return values.All(label => label >= 0 && label < classes)
            ? values
            : throw new ArgumentException($"A label is {values.First(label => label < 0 || label >= classes)}; expected 0 to {classes - 1}.", nameof(labels));
    }

    /// <summary>In single precision on the CPU.</summary>
    internal static Tensor Single(Tensor values) => values.detach().to(ScalarType.Float32).cpu().contiguous();

    /// <summary>The distances of one prototype to all patches of one image; both tensors as <see cref="Single"/> gives them.</summary>
    internal static unsafe void Distances(Tensor features, int row, Tensor prototypes, int prototype, float[] map)
    {
        var (channels, height, width) = ((int)features.size(1), (int)features.size(2), (int)features.size(3));
        var (rows, columns) = ((int)prototypes.size(2), (int)prototypes.size(3));
        fixed (float* to = map)
            PatchDifferences.Map(features.Address<float>() + ((long)row * channels * height * width), (channels, height, width),
                prototypes.Address<float>() + ((long)prototype * channels * rows * columns), (rows, columns), to);
    }

    /// <summary>The scores of maps of distances, which may differ in size.</summary>
    internal static float[][] Activations(PrototypeSimilarity similarity, float[][] distances)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var scores = similarity.Compute(tensor(distances.SelectMany(map => map).ToArray())).Values<float>();
        var (maps, start) = (new float[distances.Length][], 0);
        for (var i = 0; i < maps.Length; start += distances[i++].Length) maps[i] = scores[start..(start + distances[i].Length)];
        return maps;
    }

    /// <summary>What a patch can have seen.</summary>
    internal static PatchBox Seen(ProtoPNet model, int row, int column, int height, int width)
    {
        var (top, bottom) = model.ReceptiveFields.Rows.Of(row, height);
        var (left, right) = model.ReceptiveFields.Columns.Of(column, width);
        return new(top, bottom, left, right);
    }
}
