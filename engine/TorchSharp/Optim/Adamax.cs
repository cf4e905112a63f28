using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Kingma and Ba 2015: Adam with the largest decayed gradient in place of the root mean square.</summary>
public class Adamax : OptimizerHelper, IBetas
{
    public Adamax(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    public Adamax(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0)
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
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        state.step++;
        var average = chain.Use(state.exp_avg);
        var largest = chain.Use(state.exp_inf);
        var gradient = chain.Gradient(options.weight_decay!.Value);
        var size = chain.Scratch();
        chain.Do("mul_.Scalar", average, beta1);
        chain.Do("add_.Tensor", average, gradient, 1 - beta1);
        chain.Do("mul_.Scalar", largest, beta2);
        chain.Do("abs.out", gradient, size);
        chain.Do("add_.Scalar", size, options.eps!.Value);
        chain.Do("maximum.out", largest, size, largest);
        chain.Do("addcdiv_", chain.Parameter, average, largest, -(options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step))));
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
        public Tensor exp_inf = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref exp_avg);
            walk.On(ref exp_inf);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateWalk.Reset(ref exp_avg, _parameter);
            StateWalk.Reset(ref exp_inf, _parameter);
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
