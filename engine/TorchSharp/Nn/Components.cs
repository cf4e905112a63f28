using TorchSharp.Modules;
using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Makes and exchanges the tensors that modules hold.</summary>
internal static class Components
{
    /// <summary>A parameter whose values are still to be set.</summary>
    public static Parameter Empty(Device? device, ScalarType? dtype, params long[] size) =>
        new(aten("empty.memory_format", size, dtype ?? get_default_dtype(), Native.Value.None, InitializeDevice(device)));

    public static Tensor Full(double value, Device? device, ScalarType? dtype, params long[] size) =>
        aten("full", size, value, dtype ?? get_default_dtype(), Native.Value.None, InitializeDevice(device));

    /// <summary>Puts another tensor in a field, out of the reach of dispose scopes, and disposes of the one before. False where it was there already.</summary>
    public static bool Exchange<T>(ref T? field, T? value) where T : Tensor
    {
        if (ReferenceEquals(field, value)) return false;
        field?.Dispose();
        value?.DetachFromDisposeScope();
        field = value;
        return true;
    }
}
