using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

public class NonFiniteGuardTests
{
    [Fact]
    public void Fit_AModuleThatDividesByZero_IsNamedBeforeTheWeightsAreSpoilt()
    {
        using var problem = new Problem();
        using var model = new Broken(problem.Model);
        using var trainer = new Trainer(Objective.Classification(model), problem.Optimizer, [new NonFiniteGuard(1)]);

        var error = Assert.Throws<NonFiniteException>(() => trainer.Fit(problem.Source, "1ep"));

        Assert.Equal("inner.division", error.Module);
        Assert.Contains("step 0", error.Message);
        Assert.DoesNotContain("Parameters", error.Message);
    }

    [Fact]
    public void Fit_WeightsThatAreNaN_AreNamed()
    {
        using var problem = new Problem();
        using (no_grad())
            problem.Model.get_parameter("second.bias")!.fill_(double.NaN);
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new NonFiniteGuard(1)]);

        var error = Assert.Throws<NonFiniteException>(() => trainer.Fit(problem.Source, "1ep"));

        Assert.Equal("second", error.Module);
        Assert.Contains("second.bias", error.Message);
    }

    [Fact]
    public void Fit_ABadStepBetweenTwoLooks_IsFoundAtTheNext()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
        [
            new OnEvents { OnAfterLoss = step => { if (step.Trainer.Step == 1) step.Terms.Add(new("bad", step.Output.sum() * double.PositiveInfinity)); } },
            new NonFiniteGuard(100),
        ]);

        Assert.Throws<NonFiniteException>(() => trainer.Fit(problem.Source, "1ep"));
        Assert.Equal(4, trainer.Step);
    }

    private sealed class Broken : nn.Module<Tensor, Tensor>
    {
        private readonly TinyNetwork _network;
        private readonly Inner _inner = new();

        internal Broken(TinyNetwork network)
            : base(nameof(Broken))
        {
            _network = network;
            register_module("network", _network);
            register_module("inner", _inner);
        }

        public override Tensor forward(Tensor input) => _inner.call(_network.call(input));
    }

    private sealed class Inner : nn.Module<Tensor, Tensor>
    {
        private readonly Division _division = new();

        internal Inner()
            : base(nameof(Inner)) => register_module("division", _division);

        public override Tensor forward(Tensor input) => _division.call(input);
    }

    private sealed class Division() : nn.Module<Tensor, Tensor>(nameof(Division))
    {
        public override Tensor forward(Tensor input) => input / (input - input);
    }
}
