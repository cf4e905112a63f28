using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

[Collection(ProcessWide.Name)]
public class LearningRateFinderTests
{
    [Fact]
    public void Run_ASmallProblem_FindsRatesAndLeavesEverythingAsItWas()
    {
        using var problem = new Problem(seed: 2, dropout: 0.2, batchSize: 38);
        var weights = problem.Weights();
        var random = TorchSharp.torch.get_rng_state().bytes.ToArray();

        var curve = LearningRateFinder.Run(problem.Objective, problem.Optimizer, problem.Source, new() { From = 1e-4, To = 1e3 });

        Assert.InRange(curve.Rates.Count, 20, 100);
        Assert.InRange(curve.Steepest, 1e-3, 100);
        Assert.InRange(curve.LowestTenth, 1e-3, 100);
        Assert.Equal(weights, problem.Weights());
        Assert.Equal(0.1, problem.Optimizer.ParamGroups.Single().LearningRate);
        Assert.Equal(random, TorchSharp.torch.get_rng_state().bytes.ToArray());
    }
}
