using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Duchi, Hazan and Singer 2011: gradients divided by the root of the sum of their squares.</summary>
public class Adagrad : OptimizerHelper
{
    public Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1E-10)
        : this([new ParamGroup { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1E-10)
    {
        Require.NotNegative(lr, "learning rate", nameof(lr));
        Require.NotNegative(lr_decay, nameof(lr_decay));
        Require.NotNegative(weight_decay, nameof(weight_decay));
        Require.NotNegative(initial_accumulator_value, nameof(initial_accumulator_value));
        Require.NotNegative(eps, nameof(eps));
        AddGroups(new Options { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps }, parameters);
    }

    public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor step(Func<Tensor>? closure = null) => Step<Options, State>(closure, static (options, state, chain) =>
    {
        state.step++;
        var sum = chain.Use(state.sum);
        var gradient = chain.Gradient(options.weight_decay!.Value);
        var root = chain.Scratch();
        chain.Do("addcmul_", sum, gradient, gradient, 1);
        chain.Do("sqrt.out", sum, root);
        chain.Do("add_.Scalar", root, options.eps!.Value);
        chain.Do("addcdiv_", chain.Parameter, gradient, root, -(options.LearningRate!.Value / (1 + (state.step - 1) * options.lr_decay!.Value)));
    });

    public class Options : OptimizerOptions
    {
        public double? lr_decay;
        public double? initial_accumulator_value;
        public double? eps;
        public double? weight_decay;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref lr_decay);
            walk.On(ref initial_accumulator_value);
            walk.On(ref eps);
            walk.On(ref weight_decay);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public Tensor sum = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref sum);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateWalk.Reset(ref sum, _parameter, ((Options)options).initial_accumulator_value!.Value);
        }

        public void Dispose() => Walk(new StateWalk.Disposing());
    }

    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1E-10)
            : base(parameters, new() { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps })
        {
        }
    }
}
