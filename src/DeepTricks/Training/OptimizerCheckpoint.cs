using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// The state of an optimiser in a checkpoint, as PyTorch numbers it: "group0.momentum", "state3.exp_avg". TorchSharp's classes hold it in
/// public fields and properties, which are taken by reflection, so that every optimiser that is built on OptimizerHelper works.
/// </summary>
internal static class OptimizerCheckpoint
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;

    internal static void Save(optim.Optimizer optimizer, CallbackState state)
    {
        var content = Content(optimizer);
        state.Set("type", optimizer.GetType().Name);
        state.Set("groups", content.Options.Count);
        state.Set("states", content.State.Count);
        for (var i = 0; i < content.Options.Count; i++)
            Save(content.Options[i], state, $"group{i}.");
        for (var i = 0; i < content.State.Count; i++)
            Save(content.State[i], state, $"state{i}.");
    }

    internal static void Restore(optim.Optimizer optimizer, CallbackState state)
    {
        var content = Content(optimizer);
        Expect(state.GetString("type"), optimizer.GetType().Name, "optimiser");
        Expect(state.GetInt64("groups"), content.Options.Count, "number of parameter groups");
        Expect(state.GetInt64("states"), content.State.Count, "number of optimised parameters");
        var parameters = optimizer.parameters().ToArray();
        for (var i = 0; i < content.Options.Count; i++)
            Restore(content.Options[i], state, $"group{i}.", CPU);
        for (var i = 0; i < content.State.Count; i++)
            Restore(content.State[i], state, $"state{i}.", parameters[i].device);
    }

    private static optim.Optimizer.StateDictionary Content(optim.Optimizer optimizer) => optimizer is OptimizerHelper helper
        ? helper.state_dict()
        : throw new NotSupportedException($"{optimizer.GetType().Name} shows no state to keep in a checkpoint.");

    private static void Save(object holder, CallbackState state, string prefix)
    {
        foreach (var (name, _, get, _) in Values(holder.GetType()))
            switch (get(holder))
            {
                case null: break;
                case Tensor tensor: state.Set(prefix + name, tensor); break;
                case bool truth: state.Set(prefix + name, truth); break;
                case double number: state.Set(prefix + name, number); break;
                case long number: state.Set(prefix + name, number); break;
                case int number: state.Set(prefix + name, number); break;
            }
    }

    private static void Restore(object holder, CallbackState state, string prefix, Device device)
    {
        foreach (var (name, type, get, set) in Values(holder.GetType()))
        {
            var key = prefix + name;
            if (type == typeof(Tensor))
                RestoreTensor(state, key, (Tensor?)get(holder), value => set(holder, value), device);
            else if (!state.Contains(key))
                set(holder, null);
            else if (type == typeof(bool))
                set(holder, state.GetBoolean(key));
            else if (type == typeof(double))
                set(holder, state.GetDouble(key));
            else if (type == typeof(long))
                set(holder, state.GetInt64(key));
            else if (type == typeof(int))
                set(holder, (int)state.GetInt64(key));
        }
    }

    private static void RestoreTensor(CallbackState state, string key, Tensor? present, Action<Tensor?> set, Device device)
    {
        if (!state.Contains(key))
        {
            present?.Dispose();
            set(null);
        }
        else if (present is not null)
        {
            state.CopyTo(key, present);
        }
        else
        {
            set(state.GetTensor(key).to(device).DetachFromDisposeScope());
        }
    }

    /// <summary>The public fields and properties that hold a tensor, a number or a truth value, nullable or not.</summary>
    private static IEnumerable<(string Name, Type Type, Func<object, object?> Get, Action<object, object?> Set)> Values(Type holder)
    {
        foreach (var field in holder.GetFields(Public))
            if (Kind(field.FieldType) is { } type)
                yield return (field.Name, type, field.GetValue, field.SetValue);
        foreach (var property in holder.GetProperties(Public))
            if (property.CanRead && property.CanWrite && Kind(property.PropertyType) is { } type)
                yield return (property.Name, type, property.GetValue, property.SetValue);
    }

    private static Type? Kind(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(Tensor) || type == typeof(double) || type == typeof(long) || type == typeof(int) || type == typeof(bool) ? type : null;
    }

    private static void Expect<T>(T found, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(found, expected))
            throw new InvalidDataException($"The checkpoint is of another {what}: {found}, expected {expected}.");
    }
}
