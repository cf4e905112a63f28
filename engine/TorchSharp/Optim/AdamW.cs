using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Loshchilov and Hutter 2019: Adam with the weights decayed apart from the gradient.</summary>
public class AdamW : OptimizerHelper, IBetas
{
    public AdamW(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        Require.Betas(beta1, beta2, eps, weight_decay, lr);
        AddGroups(new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }, parameters);
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor step(Func<Tensor>? closure = null) => Step<Options, State>(closure, static (options, state, chain) =>
    {
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        var lr = options.LearningRate!.Value;
        state.step++;
        var average = chain.Use(state.exp_avg);
        var square = chain.Use(state.exp_avg_sq);
        var largest = options.amsgrad!.Value ? chain.Use(state.max_exp_avg_sq) : square;
        var gradient = chain.Gradient(weight_decay: 0, options.maximize!.Value);
        chain.Do("mul_.Scalar", chain.Parameter, 1 - lr * options.weight_decay!.Value);
        chain.Do("mul_.Scalar", average, beta1);
        chain.Do("add_.Tensor", average, gradient, 1 - beta1);
        chain.Do("mul_.Scalar", square, beta2);
        chain.Do("addcmul_", square, gradient, gradient, 1 - beta2);
        if (largest != square) chain.Do("maximum.out", largest, square, largest);
        var denominator = chain.Scratch();
        chain.Do("sqrt.out", largest, denominator);
        chain.Do("div_.Scalar", denominator, Math.Sqrt(1 - Math.Pow(beta2, state.step)));
        chain.Do("add_.Scalar", denominator, options.eps!.Value);
        chain.Do("addcdiv_", chain.Parameter, average, denominator, -(lr / (1 - Math.Pow(beta1, state.step))));
    });

    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref beta1);
            walk.On(ref beta2);
            walk.On(ref eps);
            walk.On(ref weight_decay);
            walk.On(ref amsgrad);
            walk.On(ref maximize);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;

        /// <summary>Null without amsgrad.</summary>
        public Tensor max_exp_avg_sq = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref exp_avg);
            walk.On(ref exp_avg_sq);
            walk.On(ref max_exp_avg_sq, optional: true);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateWalk.Reset(ref exp_avg, _parameter);
            StateWalk.Reset(ref exp_avg_sq, _parameter);
            max_exp_avg_sq?.Dispose();
            max_exp_avg_sq = null!;
            if (((Options)options).amsgrad!.Value) StateWalk.Reset(ref max_exp_avg_sq, _parameter);
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new() { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
