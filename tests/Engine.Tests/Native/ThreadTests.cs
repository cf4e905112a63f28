using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Native;

/// <summary>Several threads make tensors, compute, take gradients and close scopes at once.</summary>
public class ThreadTests
{
    private const int Threads = 6;

    [Fact]
    public void Threads_EachTrainingItsOwn_GetTheResultsOfOne()
    {
        var expected = Descend(0);
        var results = new double[Threads];
        RunAll(i => results[i] = Descend(0));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void Threads_ThroughOneGraph_AddTheirGradients()
    {
        using var weight = ones([8, 8], ScalarType.Float64, requires_grad: true);
        RunAll(_ =>
        {
            using var scope = NewDisposeScope();
            for (var i = 0; i < 20; i++) weight.mul(2).sum().backward();
        });
        using var gradient = weight.grad!;
        Assert.Equal(64 * 2.0 * 20 * Threads, gradient.sum().item<double>());
    }

    [Fact]
    public void GradMode_OfOneThread_LeavesOthersAlone()
    {
        using var _ = no_grad();
        RunAll(i =>
        {
            Assert.True(is_grad_enabled());
            using var scope = NewDisposeScope();
            using var none = no_grad();
            Assert.False(ones(1, requires_grad: true).mul(2).requires_grad);
        });
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void Tensors_MadeOnOneThread_MayBeDisposedOfOnAnother()
    {
        var made = new Tensor[Threads][];
        RunAll(i => made[i] = [.. Enumerable.Range(0, 200).Select(n => full([16], n))]);
        RunAll(i =>
        {
            foreach (var tensor in made[(i + 1) % Threads]) tensor.Dispose();
        });
        Assert.All(made.SelectMany(one => one), tensor => Assert.True(tensor.IsInvalid));
    }

    private static double Descend(int seed)
    {
        using var outer = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var (x, y) = (randn([32, 4], ScalarType.Float64, generator: generator), randn([32, 1], ScalarType.Float64, generator: generator));
        var weight = zeros([4, 1], ScalarType.Float64, requires_grad: true);
        for (var step = 0; step < 50; step++)
        {
            using var scope = NewDisposeScope();
            x.mm(weight).sub(y).square().mean().backward();
            using (no_grad()) weight.sub_(weight.grad!.mul(0.1));
            weight.grad = null;
        }
        return weight.square().sum().item<double>();
    }

    private static void RunAll(Action<int> action) =>
        Task.WaitAll([.. Enumerable.Range(0, Threads).Select(i => Task.Factory.StartNew(() => action(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
}
