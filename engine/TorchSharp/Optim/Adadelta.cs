using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Zeiler 2012: steps as large as the last ones, by the ratio of their mean square to that of the gradients.</summary>
public class Adadelta : OptimizerHelper
{
    public Adadelta(IEnumerable<Parameter> parameters, double lr, double rho = 0.9, double eps = 1E-06, double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, rho, eps, weight_decay, maximize)
    {
    }

    public Adadelta(IEnumerable<ParamGroup> parameters, double lr = 1, double rho = 0.9, double eps = 1E-06, double weight_decay = 0, bool maximize = false)
    {
        Require.NotNegative(lr, "learning rate", nameof(lr));
        if (rho is not (>= 0 and <= 1)) throw new ArgumentException($"rho is from 0 to 1, not {rho}.", nameof(rho));
        Require.NotNegative(eps, nameof(eps));
        Require.NotNegative(weight_decay, nameof(weight_decay));
        AddGroups(new Options { LearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize }, parameters);
    }

    public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor step(Func<Tensor>? closure = null) => Step<Options, State>(closure, static (options, state, chain) =>
    {
        var (rho, eps) = (options.rho!.Value, options.eps!.Value);
        state.step++;
        var square = chain.Use(state.square_avg);
        var steps = chain.Use(state.acc_delta);
        var gradient = chain.Gradient(options.weight_decay!.Value, options.maximize!.Value);
        var root = chain.Scratch();
        var delta = chain.Scratch();
        chain.Do("mul_.Scalar", square, rho);
        chain.Do("addcmul_", square, gradient, gradient, 1 - rho);
        chain.Do("copy_", root, square);
        chain.Do("add_.Scalar", root, eps);
        chain.Do("sqrt_", root);
        chain.Do("copy_", delta, steps);
        chain.Do("add_.Scalar", delta, eps);
        chain.Do("sqrt_", delta);
        chain.Do("div_.Tensor", delta, root);
        chain.Do("mul_.Tensor", delta, gradient);
        chain.Do("mul_.Scalar", steps, rho);
        chain.Do("addcmul_", steps, delta, delta, 1 - rho);
        chain.Do("add_.Tensor", chain.Parameter, delta, -options.LearningRate!.Value);
    });

    public class Options : OptimizerOptions
    {
        public double? rho;
        public double? eps;
        public double? weight_decay;
        public bool? maximize;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref rho);
            walk.On(ref eps);
            walk.On(ref weight_decay);
            walk.On(ref maximize);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public Tensor square_avg = null!;
        public Tensor acc_delta = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref square_avg);
            walk.On(ref acc_delta);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateWalk.Reset(ref square_avg, _parameter);
            StateWalk.Reset(ref acc_delta, _parameter);
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double eps = 1E-06, double weight_decay = 0, bool maximize = false)
            : base(parameters, new() { LearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize })
        {
        }
    }
}
