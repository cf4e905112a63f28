using TorchSharp.Native;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>What the optimisers share: groups of parameters, a memory for each parameter, saving and loading of both.</summary>
public abstract unsafe class OptimizerHelper : Optimizer
{
    protected OptimizerOptions _defaults = null!;

    /// <summary>What is remembered of the parameter with a handle.</summary>
    protected OrderedDict<nint, OptimizerState> _state = [];

    private readonly Chain _chain = new();
    private nint[] _handles = [];
    private nint[] _gradients = [];

    public OptimizerHelper() : base(0)
    {
    }

    protected enum TypeCode
    {
        Double = 0,
        Long = 1,
        Tensor = 2,
        Options = 3,
        State = 4,
    }

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    private protected void AddGroups(OptimizerOptions defaults, IEnumerable<ParamGroup> groups)
    {
        _defaults = defaults;
        foreach (var group in groups) add_param_group(group);
    }

    /// <summary>Takes a group: its settings are completed by the optimiser's, its parameters get a state each.</summary>
    private protected void AddGroup<TOptions>(ParamGroup group, Func<Parameter, OptimizerState> newState) where TOptions : OptimizerOptions, new()
    {
        group.Options ??= new TOptions();
        group.Options.FillFrom(_defaults);
        group.Options.InitialLearningRate = group.LearningRate;
        // Read once: a lazy sequence, such as a module's parameters, would be walked at every step.
        group.Parameters = group.Parameters.ToArray();
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = newState(parameter);
            state.Initialize(group.Options);
            _state[parameter.Handle] = state;
        }
    }

    /// <summary>For optimisers that work on groups: runs the closure with gradients on, then the body for each group with gradients off, in a scope.</summary>
    protected Tensor _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        var loss = Loss(loss_closure);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups) body((T)group);
        return loss;
    }

    private static Tensor Loss(Func<Tensor>? closure)
    {
        if (closure is null) return null!;
        using var _ = enable_grad();
        return closure();
    }

    /// <summary>
    /// For optimisers that change each parameter by itself: has <paramref name="describe"/> put the operators of a step into a
    /// chain, whose first slots are the parameter and its gradient, and runs it, for every parameter that has a gradient.
    /// </summary>
    private protected Tensor Step<TOptions, TState>(Func<Tensor>? closure, Action<TOptions, TState, Chain> describe)
        where TOptions : OptimizerOptions where TState : OptimizerState
    {
        var loss = Loss(closure);
        foreach (var group in _parameter_groups)
        {
            var count = ReadHandles(group);
            fixed (nint* handles = _handles, gradients = _gradients) NativeMethods.Check(NativeMethods.engine_tensor_grads(handles, count, gradients));
            var options = (TOptions)group.Options;
            for (var i = 0; i < count; i++)
            {
                if (_gradients[i] == 0) continue;
                _chain.Clear();
                _chain.Use(_handles[i]);
                _chain.Use(_gradients[i]);
                describe(options, (TState)_state[_handles[i]], _chain);
                _chain.Run();
            }
        }
        return loss;
    }

    private int ReadHandles(ParamGroup group)
    {
        var parameters = group.Parameters as Parameter[] ?? [.. group.Parameters];
        if (_handles.Length < parameters.Length) (_handles, _gradients) = (new nint[parameters.Length], new nint[parameters.Length]);
        for (var i = 0; i < parameters.Length; i++) _handles[i] = parameters[i].Handle;
        return parameters.Length;
    }

    public override void zero_grad()
    {
        foreach (var group in _parameter_groups)
        {
            var count = ReadHandles(group);
            fixed (nint* handles = _handles) NativeMethods.Check(NativeMethods.engine_tensor_zero_grads(handles, count));
        }
    }

    public override IEnumerable<Parameter> parameters() => base.parameters();

    /// <summary>Moves what is remembered to a device; the parameters stay where they are.</summary>
    public void to(Device device)
    {
        foreach (var (_, state) in _state) state.to(device);
    }

    private protected override void DisposeState()
    {
        foreach (var (_, state) in _state) (state as IDisposable)?.Dispose();
        _state.Clear();
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            var places = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                places.Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter.Handle]);
            }
            dictionary.Options.Add(group.Options);
            dictionary.StateIndexRef.Add(places);
        }
        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireSameCounts(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (target, source) in own.Options.Zip(state_dict.Options))
            if (target != source) target.LoadStateDict(source);
        foreach (var (target, source) in own.State.Zip(state_dict.State))
            if (target != source) target.LoadStateDict(source);
    }

    private static void RequireSameCounts(StateDictionary own, int groups, int states)
    {
        if (groups != own.Options.Count) throw new ArgumentException($"The saved optimizer has {groups} groups of parameters, this one has {own.Options.Count}.");
        if (states != own.State.Count) throw new ArgumentException($"The saved optimizer has {states} parameters, this one has {own.State.Count}.");
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.WriteCount(own.Options.Count);
        writer.WriteCount(own.State.Count);
        foreach (var options in own.Options) options.SaveStateDict(writer);
        foreach (var state in own.State) state.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var saved = reader.ReadString();
        if (saved != GetType().Name) throw new InvalidDataException($"The stream holds the state of a {saved}, not of a {GetType().Name}.");
        var groups = reader.ReadCount();
        var states = reader.ReadCount();
        var own = state_dict();
        RequireSameCounts(own, (int)groups, (int)states);
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }
}
