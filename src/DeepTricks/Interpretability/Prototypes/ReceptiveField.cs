using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Which part of an image a place of a feature map sees along one side, by the rules of the authors' code (and Dang Ha The Hien's "A guide to receptive field
/// arithmetic"): each layer multiplies the jump by its stride, adds (kernel − 1) jumps to the size, and moves the first centre.
/// </summary>
/// <param name="Jump">Pixels between the centres of neighbouring places.</param>
/// <param name="Size">Pixels that a place sees.</param>
/// <param name="Start">The centre of the first place; pixel i has the centre i + 0.5.</param>
public readonly record struct ReceptiveField(double Jump, double Size, double Start)
{
    /// <summary>The image itself.</summary>
    public static ReceptiveField Pixel { get; } = new(1, 1, 0.5);

    /// <summary>What a place behind one more layer sees.</summary>
    /// <param name="kernel">The layer's kernel, at least 1.</param>
    /// <param name="stride">Its stride, at least 1.</param>
    /// <param name="padding">Its padding on each side, at least 0.</param>
    /// <param name="dilation">The distance of its taps, at least 1, the default.</param>
    public ReceptiveField Through(long kernel, long stride, long padding, long dilation = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        var reach = (kernel - 1) * dilation;
        return new(Jump * stride, Size + (reach * Jump), Start + (((reach / 2.0) - padding) * Jump));
    }

    /// <summary>The pixels that a place sees, cut off at the borders of the image.</summary>
    /// <param name="place">The row or column of the feature map.</param>
    /// <param name="length">The pixels of the image along this side.</param>
    /// <returns>The first pixel, and the one behind the last.</returns>
    public (int Start, int End) Of(int place, int length)
    {
        var centre = Start + (place * Jump);
        return (Math.Max((int)(centre - (Size / 2)), 0), Math.Min((int)(centre + (Size / 2)), length));
    }

    /// <summary>
    /// Rows and columns behind all convolutions and poolings of a network, one after the other as its modules are named. Those of a branch that leads past
    /// others (<c>downsample</c>) are left out, as in the authors' code; a network of other branches needs its own sum of <see cref="Through"/>.
    /// </summary>
    /// <param name="module">The network.</param>
    /// <returns>The field along the height and along the width.</returns>
    public static (ReceptiveField Rows, ReceptiveField Columns) Behind(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var (rows, columns) = (Pixel, Pixel);
        foreach (var (kernel, stride, padding, dilation) in InOrder(module, "").Select(Window).OfType<(long[], long[], long[], long[])>())
        {
            rows = rows.Through(kernel[0], stride[0], padding[0], dilation[0]);
            columns = columns.Through(kernel[^1], stride[^1], padding[^1], dilation[^1]);
        }

        return (rows, columns);
    }

    // Depth first: modules() gives all children before the children's children.
    private static IEnumerable<nn.Module> InOrder(nn.Module module, string name)
    {
        if (name == "downsample") return [];
        return module.named_children().SelectMany(child => InOrder(child.module, child.name)).Prepend(module);
    }

    private static (long[], long[], long[], long[])? Window(nn.Module module) => module switch
    {
        Conv2d layer => (layer.kernel_size, layer.stride, Padding(layer), layer.dilation),
        MaxPool2d layer => (layer.kernel_size, layer.stride ?? layer.kernel_size, layer.padding ?? [0], layer.dilation ?? [1]),
        AvgPool2d layer => (layer.kernel_size, layer.stride ?? layer.kernel_size, layer.padding ?? [0], [1]),
        _ => null,
    };

    private static long[] Padding(Conv2d layer) => layer.padding ?? [0];
}
