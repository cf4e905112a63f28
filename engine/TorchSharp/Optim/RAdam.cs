using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Liu and others 2020: Adam whose steps are damped while the variance of its denominators is not known.</summary>
public class RAdam : OptimizerHelper, IBetas
{
    public RAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    public RAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0)
    {
        Require.Betas(beta1, beta2, eps, weight_decay, lr);
        AddGroups(new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay }, parameters);
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor step(Func<Tensor>? closure = null) => Step<Options, State>(closure, static (options, state, chain) =>
    {
        var (beta1, beta2, lr) = (options.beta1!.Value, options.beta2!.Value, options.LearningRate!.Value);
        state.step++;
        var (correction1, correction2) = (1 - Math.Pow(beta1, state.step), 1 - Math.Pow(beta2, state.step));
        var average = chain.Use(state.exp_avg);
        var square = chain.Use(state.exp_avg_sq);
        var gradient = chain.Gradient(options.weight_decay!.Value);
        var change = chain.Scratch();
        chain.Do("mul_.Scalar", average, beta1);
        chain.Do("add_.Tensor", average, gradient, 1 - beta1);
        chain.Do("mul_.Scalar", square, beta2);
        chain.Do("addcmul_", square, gradient, gradient, 1 - beta2);
        chain.Do("copy_", change, average);
        chain.Do("div_.Scalar", change, correction1);
        chain.Do("mul_.Scalar", change, lr);
        var most = 2 / (1 - beta2) - 1;
        var length = most - 2 * state.step * Math.Pow(beta2, state.step) / correction2;
        if (length > 5)
        {
            var factor = chain.Scratch();
            chain.Do("sqrt.out", square, factor);
            chain.Do("add_.Scalar", factor, options.eps!.Value);
            chain.Do("reciprocal_", factor);
            chain.Do("mul_.Scalar", factor, Math.Sqrt(correction2));
            chain.Do("mul_.Tensor", change, factor);
            chain.Do("mul_.Scalar", change, Math.Sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)));
        }
        chain.Do("add_.Tensor", chain.Parameter, change, -1);
    });

    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref beta1);
            walk.On(ref beta2);
            walk.On(ref eps);
            walk.On(ref weight_decay);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref exp_avg);
            walk.On(ref exp_avg_sq);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateWalk.Reset(ref exp_avg, _parameter);
            StateWalk.Reset(ref exp_avg_sq, _parameter);
        }

        public void Dispose() => Walk(new StateWalk.Disposing());
    }

    public class ParamGroup : ParamGroup<Options>, IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0)
            : base(parameters, new() { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
