using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>No loss leaves tensors behind, or takes the caller's away.</summary>
[Collection(ProcessWide.Name)]
public sealed class SegmentationMemoryTests
{
    [Fact]
    public void Loss_StepsOfTraining_LeaveNoTensors()
    {
        foreach (var (name, make) in SegmentationLosses.All)
        {
            foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
            {
                using var scope = NewDisposeScope();
                var loss = make(ScoreActivation.Sigmoid);
                var (scores, target) = SegmentationLosses.Inputs(ScoreActivation.Sigmoid, [2, 5, 12, 12], dtype);
                Step();
                var before = ProcessWide.LiveTensors();
                for (var step = 0; step < 3; step++)
                {
                    Step();
                }

                Assert.True(ProcessWide.LiveTensors() == before, $"{name} leaves {Tensor.TotalCount - before} tensors.");
                Assert.True(!scores.IsInvalid && !target.IsInvalid);

                void Step()
                {
                    using var value = loss(scores, target);
                    using var sum = value.sum();
                    using (NewDisposeScope())
                    {
                        // TorchSharp hands the tensors of a function's backward to the scope around.
                        sum.backward();
                    }

                    scores.grad!.Dispose();
                    scores.grad = null;
                    // A value that nobody differentiates.
                    loss(scores, target).Dispose();
                }
            }
        }
    }

    [Fact]
    public void DeepSupervision_StepsOfTraining_LeaveNoTensors()
    {
        using var scope = NewDisposeScope();
        Tensor[] outputs = [Golden.Tensor("a", [1, 2, 16, 16]).requires_grad_(), Golden.Tensor("b", [1, 2, 8, 8]).requires_grad_()];
        var labels = Golden.Integers("labels", 2, 1, 16, 16);
        foreach (var match in Enum.GetValues<ScaleMatch>())
        {
            var supervision = new DeepSupervision(new DiceLoss().call, new() { Match = match });
            supervision.Compute(outputs, labels).Dispose();
            var before = ProcessWide.LiveTensors();
            supervision.Compute(outputs, labels).Dispose();
            foreach (var term in supervision.Terms(outputs, labels))
            {
                term.Value.Dispose();
            }

            Assert.Equal(before, ProcessWide.LiveTensors());
        }
    }

    /// <summary>As many threads as there are, the same bits.</summary>
    [Fact]
    public void Loss_OtherNumberOfThreads_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var (scores, target) = SegmentationLosses.Inputs(ScoreActivation.Softmax, [2, 5, 131, 140], ScalarType.Float32);
        var threads = get_num_threads();
        foreach (var name in (string[])["dice", "focal", "ms-ssim", "lovasz"])
        {
            var results = new List<Tensor>();
            foreach (var count in (int[])[1, 3])
            {
                set_num_threads(count);
                results.Add(autograd.grad([SegmentationLosses.All[name](ScoreActivation.Softmax)(scores, target)], [scores])[0]);
            }

            Assert.True(results[0].eq(results[1]).all().item<bool>(), name);
        }

        set_num_threads(threads);
    }
}
