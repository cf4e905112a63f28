using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The checks that maps of evidence share.</summary>
internal static class MapChecks
{
    internal static void Activations(Tensor activations, string name)
    {
        ArgumentNullException.ThrowIfNull(activations, name);
        if (activations.dim() != 4 || !activations.is_floating_point())
            throw new ArgumentException($"The shape is {activations.ShapeText()}, the type {activations.dtype}; expected [N, channels, height, width] of a floating type.", name);
    }

    internal static void Maps(Tensor maps, string name)
    {
        ArgumentNullException.ThrowIfNull(maps, name);
        if (maps.dim() != 3 || maps.shape[1] < 1 || maps.shape[2] < 1 || !maps.is_floating_point())
            throw new ArgumentException($"The shape is {maps.ShapeText()}, the type {maps.dtype}; expected [N, height, width] of a floating type.", name);
    }

    /// <summary>Checks shape and type; the numbers themselves only where they are on the CPU, for reading them elsewhere would wait for the device.</summary>
    internal static void Classes(Tensor classes, long samples, long count, string name)
    {
        ArgumentNullException.ThrowIfNull(classes, name);
        if (classes.dim() != 1 || classes.shape[0] != samples || classes.dtype != ScalarType.Int64)
            throw new ArgumentException($"The shape is {classes.ShapeText()}, the type {classes.dtype}; expected [{samples}] of Int64.", name);
        if (classes.device_type != TorchSharp.DeviceType.CPU || samples == 0) return;
        using var low = classes.min();
        using var high = classes.max();
        if (low.item<long>() is var lowest && high.item<long>() is var highest && (lowest < 0 || highest >= count))
            throw new ArgumentException($"The classes reach from {lowest} to {highest}; expected 0 to {count - 1}.", name);
    }
}
