using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Polyak and Juditsky 1992: gradient descent that also averages the parameters.</summary>
public class ASGD : OptimizerHelper
{
    public ASGD(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, lambd, alpha, t0, weight_decay, maximize)
    {
    }

    public ASGD(IEnumerable<ParamGroup<ASGD.Options>> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0, bool maximize = false)
    {
        Require.NotNegative(lr, "learning rate", nameof(lr));
        AddGroups(new Options { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay, maximize = maximize }, parameters);
    }

    public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor step(Func<Tensor>? closure = null) => Step<Options, State>(closure, static (options, state, chain) =>
    {
        var (lambd, lr) = (options.lambd!.Value, options.LearningRate!.Value);
        state.step++;
        var average = chain.Use(state.ax);
        var gradient = chain.Gradient(options.weight_decay!.Value, options.maximize!.Value);
        chain.Do("mul_.Scalar", chain.Parameter, 1 - lambd * state.eta);
        chain.Do("add_.Tensor", chain.Parameter, gradient, -state.eta);
        if (state.mu == 1)
        {
            chain.Do("copy_", average, chain.Parameter);
        }
        else
        {
            var distance = chain.Scratch();
            chain.Do("sub.out", chain.Parameter, average, 1, distance);
            chain.Do("mul_.Scalar", distance, state.mu);
            chain.Do("add_.Tensor", average, distance);
        }
        state.eta = lr / Math.Pow(1 + lambd * lr * state.step, options.alpha!.Value);
        state.mu = 1 / Math.Max(1, state.step - options.t0!.Value);
    });

    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? lambd;
        public double? alpha;
        public double? weight_decay;
        public double? t0;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref maximize);
            walk.On(ref lambd);
            walk.On(ref alpha);
            walk.On(ref weight_decay);
            walk.On(ref t0);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public double eta;
        public double mu;
        public Tensor ax = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref eta);
            walk.On(ref mu);
            walk.On(ref ax);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            eta = options.LearningRate!.Value;
            mu = 1;
            StateWalk.Reset(ref ax, _parameter);
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0)
            : base(parameters, new() { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay })
        {
        }
    }
}
