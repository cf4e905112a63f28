using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Scopes;

/// <summary>A million tensors made and dropped, in each of the three ways, leave the process as it was.</summary>
[Collection(nameof(ProcessWide))]
public class MemoryTests
{
    private const int Rounds = 1_000;
    private const int TensorsInARound = 350;
    private const long AllowedGrowth = 48L << 20;

    [Fact]
    public void Tensors_DisposedOfByScopes_LeaveNothing() => LeavesNothing(() =>
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < TensorsInARound; i++) ones(1024).add_(1);
    });

    [Fact]
    public void Tensors_DisposedOfByUsing_LeaveNothing() => LeavesNothing(() =>
    {
        for (var i = 0; i < TensorsInARound; i++)
        {
            using var one = ones(1024);
        }
    });

    [Fact]
    public void Tensors_DroppedToTheFinalizer_LeaveNothing() => LeavesNothing(() =>
    {
        Drop();
        // libtorch's memory is unknown to the collector, which sees small handles only: a program that drops tensors
        // has to collect now and then, as this one does.
        GC.Collect(0);
        GC.WaitForPendingFinalizers();
    });

    [Fact]
    public void Tensors_OfAGraphDropped_LeaveNothing() => LeavesNothing(() =>
    {
        using var scope = NewDisposeScope();
        var x = ones(1024, requires_grad: true);
        for (var i = 0; i < 10; i++) x.mul(2).sum().backward();
        x.grad!.Dispose();
    }, rounds: 2_000);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop()
    {
        for (var i = 0; i < TensorsInARound; i++) ones(1024);
    }

    private static void LeavesNothing(Action round, int rounds = Rounds)
    {
        // The first rounds fill pools and caches.
        for (var i = 0; i < rounds / 10; i++) round();
        var (count, memory) = (Settled(), ResidentMemory());
        for (var i = 0; i < rounds; i++) round();
        Assert.Equal(count, Settled());
        var grown = ResidentMemory() - memory;
        Assert.True(grown < AllowedGrowth, $"{(double)rounds * TensorsInARound:N0} tensors of 4 KiB left {grown / (1 << 20)} MiB.");
    }

    private static long Settled()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Tensor.TotalCount;
    }

    private static long ResidentMemory()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
