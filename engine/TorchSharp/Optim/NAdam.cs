using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Dozat 2016: Adam with Nesterov's momentum.</summary>
public class NAdam : OptimizerHelper, IBetas
{
    public NAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, momentum_decay)
    {
    }

    public NAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
    {
        Require.Betas(beta1, beta2, eps, weight_decay, lr);
        Require.NotNegative(momentum_decay, nameof(momentum_decay));
        AddGroups(new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay }, parameters);
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
        var (now, next) = (Momentum(state.step), Momentum(state.step + 1));
        state.mu_product *= now;
        var average = chain.Use(state.exp_avg);
        var square = chain.Use(state.exp_avg_sq);
        var gradient = chain.Gradient(options.weight_decay!.Value);
        var denominator = chain.Scratch();
        chain.Do("mul_.Scalar", average, beta1);
        chain.Do("add_.Tensor", average, gradient, 1 - beta1);
        chain.Do("mul_.Scalar", square, beta2);
        chain.Do("addcmul_", square, gradient, gradient, 1 - beta2);
        chain.Do("copy_", denominator, square);
        chain.Do("div_.Scalar", denominator, 1 - Math.Pow(beta2, state.step));
        chain.Do("sqrt_", denominator);
        chain.Do("add_.Scalar", denominator, options.eps!.Value);
        chain.Do("addcdiv_", chain.Parameter, gradient, denominator, -lr * (1 - now) / (1 - state.mu_product));
        chain.Do("addcdiv_", chain.Parameter, average, denominator, -lr * next / (1 - state.mu_product * next));

        double Momentum(long step) => beta1 * (1 - 0.5 * Math.Pow(0.96, step * options.momentum_decay!.Value));
    });

    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;
        public double? momentum_decay;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref beta1);
            walk.On(ref beta2);
            walk.On(ref eps);
            walk.On(ref weight_decay);
            walk.On(ref momentum_decay);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public double mu_product;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref mu_product);
            walk.On(ref exp_avg);
            walk.On(ref exp_avg_sq);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            mu_product = 1;
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
            : base(parameters, new() { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
