using System.Collections;
using System.Globalization;
using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>The settings and the memory of TorchSharp's optimisers under the names that PyTorch has for them.</summary>
internal static class OptimizerTables
{
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;

    // Where PyTorch has one tuple for two settings.
    private static (string Name, int Place)? InTuple(string field) => field switch
    {
        "beta1" => ("betas", 0),
        "beta2" => ("betas", 1),
        "etaminus" => ("etas", 0),
        "etaplus" => ("etas", 1),
        "min_step" => ("step_sizes", 0),
        "max_step" => ("step_sizes", 1),
        _ => null,
    };

    public static Hashtable Write(OptimizerOptions options)
    {
        var table = new Hashtable { ["lr"] = options.LearningRate };
        if (options.InitialLearningRate != options.LearningRate) table["initial_lr"] = options.InitialLearningRate;
        foreach (var field in options.GetType().GetFields(Public))
        {
            var value = field.GetValue(options);
            if (InTuple(field.Name) is not var (name, place)) table[field.Name] = value;
            else ((object?[])(table[name] ??= new object?[2]))[place] = value;
        }
        return table;
    }

    public static void Read(IDictionary table, OptimizerOptions options)
    {
        options.LearningRate = table["lr"] is { } rate ? Number(rate) : options.LearningRate;
        options.InitialLearningRate = table["initial_lr"] is { } initial ? Number(initial) : options.LearningRate!.Value;
        foreach (var field in options.GetType().GetFields(Public))
        {
            var value = InTuple(field.Name) is var (name, place) ? (table[name] as IList)?[place] : table[field.Name];
            // An older version of PyTorch may lack a setting: ours stays.
            if (value is not null) field.SetValue(options, Converted(value, Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType));
        }
    }

    /// <summary>What is remembered, without what is null. A step is a tensor, as in PyTorch; it belongs to the caller's scope.</summary>
    public static Hashtable Write(OptimizerState state)
    {
        var table = new Hashtable();
        foreach (var field in state.GetType().GetFields(Public))
            if (field.GetValue(state) is { } value) table[field.Name] = field.Name == "step" ? tensor((float)(long)value) : value;
        return table;
    }

    /// <summary>Starts the state anew, and sets what the table has of it.</summary>
    public static void Read(IDictionary table, OptimizerState state, OptimizerOptions options, Parameter parameter)
    {
        state.Initialize(options);
        foreach (var field in state.GetType().GetFields(Public))
        {
            if (table[field.Name] is not { } value) continue;
            if (field.FieldType != typeof(Tensor)) field.SetValue(state, Converted(value, field.FieldType));
            else if (value is Tensor loaded) SetTensor(field, state, loaded, parameter);
            else throw new InvalidDataException($"The file has no tensor for '{field.Name}'.");
        }
    }

    private static void SetTensor(FieldInfo field, OptimizerState state, Tensor loaded, Parameter parameter)
    {
        if (!loaded.shape.AsSpan().SequenceEqual(parameter.shape))
            throw new ArgumentException($"'{field.Name}' of the file has the shape [{string.Join(", ", loaded.shape)}], its parameter [{string.Join(", ", parameter.shape)}].");
        using var _ = no_grad();
        ((Tensor?)field.GetValue(state))?.Dispose();
        field.SetValue(state, loaded.to(loaded.dtype, parameter.device, copy: true).contiguous().DetachFromDisposeScope());
    }

    private static object Converted(object value, Type type) => Convert.ChangeType(type == typeof(bool) && value is bool ? value : Number(value), type, CultureInfo.InvariantCulture);

    private static double Number(object value) => value is Tensor tensor ? tensor.to(ScalarType.Float64).item<double>() : Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
