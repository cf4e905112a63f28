using TorchSharp;

namespace DeepTricks.Testing;

/// <summary>A test that needs a GPU; skipped, and counted so, where libtorch sees none.</summary>
public sealed class CudaFactAttribute : FactAttribute
{
    /// <summary>Asks libtorch.</summary>
    public CudaFactAttribute()
    {
        if (!torch.cuda_is_available())
        {
            Skip = "libtorch sees no CUDA device.";
        }
    }
}
