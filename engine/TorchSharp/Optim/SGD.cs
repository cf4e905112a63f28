using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Gradient descent, with momentum where asked for.</summary>
public class SGD : OptimizerHelper, IMomentum
{
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        Require.NotNegative(lr, "learning rate", nameof(lr));
        Require.NotNegative(momentum, nameof(momentum));
        Require.NotNegative(weight_decay, nameof(weight_decay));
        if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov's momentum needs a momentum above 0 and a dampening of 0.", nameof(nesterov));
        AddGroups(new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }, parameters);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor step(Func<Tensor>? closure = null) => Step<Options, State>(closure, static (options, state, chain) =>
    {
        var momentum = options.momentum!.Value;
        var first = momentum != 0 && state.Begin();
        var velocity = momentum == 0 ? default : chain.Use(state.momentum_buffer);
        var gradient = chain.Gradient(options.weight_decay!.Value, options.maximize!.Value);
        if (first)
        {
            chain.Do("copy_", velocity, gradient);
        }
        else if (momentum != 0)
        {
            chain.Do("mul_.Scalar", velocity, momentum);
            chain.Do("add_.Tensor", velocity, gradient, 1 - options.dampening!.Value);
        }
        var direction = momentum == 0 ? gradient : velocity;
        if (options.nesterov!.Value)
        {
            direction = chain.Scratch();
            chain.Do("add.out", gradient, velocity, momentum, direction);
        }
        chain.Do("add_.Tensor", chain.Parameter, direction, -options.LearningRate!.Value);
    });

    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        internal override void Walk(OptionWalk walk)
        {
            walk.On(ref momentum);
            walk.On(ref dampening);
            walk.On(ref weight_decay);
            walk.On(ref nesterov);
            walk.On(ref maximize);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        /// <summary>Null before the first step with momentum.</summary>
        public Tensor momentum_buffer = null!;

        internal override void Walk(StateWalk walk) => walk.On(ref momentum_buffer, optional: true);

        public override void Initialize(OptimizerOptions options)
        {
            momentum_buffer?.Dispose();
            momentum_buffer = null!;
        }

        /// <summary>Makes the buffer, and says whether there was none.</summary>
        internal bool Begin()
        {
            if (momentum_buffer is not null) return false;
            StateWalk.Reset(ref momentum_buffer!, _parameter);
            return true;
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new() { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
