using System.Runtime.InteropServices;
using TorchSharp;

namespace Engine.Tests.Native;

[Collection(nameof(ProcessWide))]
public sealed class BlasThreadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SetNumThreads_WithOpenBlas_SetsItsThreadsToo(int count)
    {
        if (!NativeLibrary.TryLoad("libopenblas.so.0", out var library) || !NativeLibrary.TryGetExport(library, "openblas_get_num_threads", out var export))
            return; // Another BLAS.
        var threads = torch.get_num_threads();
        try
        {
            torch.set_num_threads(count);

            Assert.Equal(count, Marshal.GetDelegateForFunctionPointer<NumberOfThreads>(export)());
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int NumberOfThreads();
}
