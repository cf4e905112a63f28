using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>No loss leaves tensors behind, or takes the caller's away; threads change nothing.</summary>
[Collection(ProcessWide.Name)]
public sealed class RelationMemoryTests
{
    [Fact]
    public void Loss_StepsOfTraining_LeaveNoTensors()
    {
        foreach (var name in RelationLosses.Names)
        {
            foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
            {
                using var scope = NewDisposeScope();
                var (student, teacher) = RelationLosses.Inputs(name, dtype);
                var loss = RelationLosses.Of(name);
                Step();
                var before = ProcessWide.LiveTensors();
                for (var step = 0; step < 3; step++)
                {
                    Step();
                }

                Assert.True(ProcessWide.LiveTensors() == before, $"{name} leaves {Tensor.TotalCount - before} tensors.");
                Assert.All(student.Concat(teacher), layer => Assert.False(layer.IsInvalid));

                void Step()
                {
                    using var value = loss(student, teacher);
                    using (NewDisposeScope())
                    {
                        // TorchSharp hands the tensors of a function's backward to the scope around.
                        value.backward();
                    }

                    foreach (var layer in student)
                    {
                        layer.grad?.Dispose();
                        layer.grad = null;
                    }

                    // A value that nobody differentiates.
                    loss(student, teacher).Dispose();
                }
            }
        }
    }

    /// <summary>As many threads as there are, the same bits.</summary>
    [Theory]
    [InlineData("rkd rep_distiller")]
    [InlineData("sp rep_distiller")]
    public void Kernel_OtherNumberOfThreads_IsTheSame(string name)
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = RelationLosses.Inputs(name, ScalarType.Float32, batch: 70);
        var threads = get_num_threads();
        var results = new List<Tensor>();
        foreach (var count in (int[])[1, 3])
        {
            set_num_threads(count);
            results.Add(autograd.grad([RelationLosses.Of(name)(student, teacher)], student)[0]);
        }

        set_num_threads(threads);
        Assert.True(results[0].eq(results[1]).all().item<bool>());
    }
}
