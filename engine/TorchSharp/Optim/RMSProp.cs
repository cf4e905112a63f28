using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Gradients divided by a running root mean square of theirs.</summary>
public class RMSProp : OptimizerHelper, IMomentum
{
    public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
    {
        Require.NotNegative(lr, "learning rate", nameof(lr));
        Require.NotNegative(alpha, nameof(alpha));
        Require.NotNegative(eps, nameof(eps));
        Require.NotNegative(weight_decay, nameof(weight_decay));
        Require.NotNegative(momentum, nameof(momentum));
        AddGroups(new Options { LearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered, maximize = maximize }, parameters);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor step(Func<Tensor>? closure = null) => Step<Options, State>(closure, static (options, state, chain) =>
    {
        var (alpha, lr, momentum) = (options.alpha!.Value, options.LearningRate!.Value, options.momentum!.Value);
        state.step++;
        var square = chain.Use(state.square_avg);
        var mean = options.centered!.Value ? chain.Use(state.grad_avg) : square;
        var velocity = momentum > 0 ? chain.Use(state.momentum_buffer) : square;
        var gradient = chain.Gradient(options.weight_decay!.Value, options.maximize!.Value);
        var root = chain.Scratch();
        chain.Do("mul_.Scalar", square, alpha);
        chain.Do("addcmul_", square, gradient, gradient, 1 - alpha);
        if (mean != square)
        {
            chain.Do("mul_.Scalar", mean, alpha);
            chain.Do("add_.Tensor", mean, gradient, 1 - alpha);
            chain.Do("addcmul.out", square, mean, mean, -1, root);
            chain.Do("sqrt_", root);
        }
        else
        {
            chain.Do("sqrt.out", square, root);
        }
        chain.Do("add_.Scalar", root, options.eps!.Value);
        if (velocity != square)
        {
            chain.Do("mul_.Scalar", velocity, momentum);
            chain.Do("addcdiv_", velocity, gradient, root);
            chain.Do("add_.Tensor", chain.Parameter, velocity, -lr);
        }
        else
        {
            chain.Do("addcdiv_", chain.Parameter, gradient, root, -lr);
        }
    });

    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? momentum;
        public double? alpha;
        public double? eps;
        public double? weight_decay;
        public bool? centered;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref maximize);
            walk.On(ref momentum);
            walk.On(ref alpha);
            walk.On(ref eps);
            walk.On(ref weight_decay);
            walk.On(ref centered);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public Tensor square_avg = null!;
        public Tensor momentum_buffer = null!;
        public Tensor grad_avg = null!;

        internal override void Walk(StateWalk walk)
        {
            walk.On(ref step);
            walk.On(ref square_avg);
            walk.On(ref momentum_buffer, optional: true);
            walk.On(ref grad_avg, optional: true);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            StateWalk.Reset(ref square_avg, _parameter);
            StateWalk.Reset(ref momentum_buffer, _parameter);
            StateWalk.Reset(ref grad_avg, _parameter);
        }

        public void Dispose() => Walk(new StateWalk.Disposing());
    }

    public class ParamGroup : ParamGroup<Options>, IMomentum
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1E-08, double alpha = 0.99, double weight_decay = 0, double momentum = 0, bool centered = false)
            : base(parameters, new() { LearningRate = lr, eps = eps, alpha = alpha, weight_decay = weight_decay, momentum = momentum, centered = centered })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
