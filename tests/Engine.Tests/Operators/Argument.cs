using System.Runtime.CompilerServices;
using System.Text.Json;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>
/// An argument as the fixtures write it (<c>operators/cases.py</c>): which parameter types it fits, and its value as such a type.
/// A whole number is never taken for a real one nor for a Scalar, so that a case calls the overloads that it means.
/// </summary>
internal static class Argument
{
    public static bool Fits(JsonElement argument, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return argument.ValueKind == JsonValueKind.Null || Fits(argument, underlying);
        return argument.ValueKind switch
        {
            JsonValueKind.Null => !type.IsValueType,
            JsonValueKind.True or JsonValueKind.False => type == typeof(bool),
            JsonValueKind.String => type == typeof(string) || (type == typeof(char) && argument.GetString()!.Length == 1),
            JsonValueKind.Number => IsWhole(argument) ? type == typeof(long) || type == typeof(int) : type == typeof(double) || type == typeof(float),
            JsonValueKind.Array => FitsList(argument, type),
            _ => FitsObject(argument, type),
        };
    }

    private static bool FitsList(JsonElement list, Type type)
    {
        if (type == typeof(Size)) return list.EnumerateArray().All(one => Fits(one, typeof(long)));
        if (typeof(ITuple).IsAssignableFrom(type))
            return type.GenericTypeArguments.Length == list.GetArrayLength() && list.EnumerateArray().Zip(type.GenericTypeArguments).All(pair => Fits(pair.First, pair.Second));
        return ElementOf(type) is { } element && list.EnumerateArray().All(one => Fits(one, element));
    }

    private static bool FitsObject(JsonElement argument, Type type)
    {
        if (IsTensor(argument)) return type == typeof(Tensor);
        if (argument.TryGetProperty("c", out var number))
            return type == typeof(Scalar) || (IsWhole(number) ? type == typeof(long) || type == typeof(int) : type == typeof(double) || type == typeof(float));
        if (argument.TryGetProperty("e", out var choice)) return type.IsEnum && Enum.GetNames(type).Contains(choice.GetString());
        if (argument.TryGetProperty("dtype", out _)) return type == typeof(ScalarType);
        if (argument.TryGetProperty("l", out _)) return ElementOf(type) == typeof(Tensor);
        if (argument.TryGetProperty("i", out var indices))
            return ElementOf(type) == typeof(TensorIndex) || (ElementOf(type) == typeof(Tensor) && indices.EnumerateArray().All(IsTensor));
        return false;
    }

    /// <summary>The value as a type that it fits. Tensors are noted in <paramref name="tensors"/> in the order of the case.</summary>
    public static object? Make(JsonElement argument, Type type, List<Tensor> tensors)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        switch (argument.ValueKind)
        {
            case JsonValueKind.Null: return null;
            case JsonValueKind.True or JsonValueKind.False: return argument.GetBoolean();
            case JsonValueKind.String: return type == typeof(char) ? argument.GetString()![0] : argument.GetString();
            case JsonValueKind.Number: return NumberAs(argument, type);
            case JsonValueKind.Array:
                if (typeof(ITuple).IsAssignableFrom(type))
                    return Activator.CreateInstance(type, [.. argument.EnumerateArray().Zip(type.GenericTypeArguments).Select(pair => Make(pair.First, pair.Second, tensors))]);
                var element = type == typeof(Size) ? typeof(long) : ElementOf(type)!;
                var list = Array.CreateInstance(element, argument.GetArrayLength());
                for (var i = 0; i < list.Length; i++) list.SetValue(Make(argument[i], element, tensors), i);
                return type == typeof(Size) ? new Size((long[])list) : list;
        }
        if (IsTensor(argument)) return Noted(MakeTensor(argument), tensors);
        if (argument.TryGetProperty("c", out var number)) return type == typeof(Scalar) ? ScalarOf(number) : NumberAs(number, type);
        if (argument.TryGetProperty("e", out var choice)) return Enum.Parse(type, choice.GetString()!);
        if (argument.TryGetProperty("dtype", out var dtype)) return GoldenSample.DtypeOf(dtype.GetString()!);
        if (argument.TryGetProperty("l", out var items)) return items.EnumerateArray().Select(one => Noted(MakeTensor(one), tensors)).ToArray();
        var indices = argument.GetProperty("i");
        return ElementOf(type) == typeof(Tensor)
            ? indices.EnumerateArray().Select(one => Noted(MakeTensor(one), tensors)).ToArray()
            : indices.EnumerateArray().Select(one => IndexOf(one, tensors)).ToArray();
    }

    /// <summary>The tensor that a case describes by its formula or its values.</summary>
    public static Tensor MakeTensor(JsonElement argument)
    {
        var one = new GoldenCase("argument", argument);
        var shape = one.Integers("s");
        var dtype = one.Has("d") ? GoldenSample.DtypeOf(one.Text("d")) : ScalarType.Float64;
        using var scope = NewDisposeScope();
        Tensor made;
        if (one.Has("v")) made = tensor(one.Numbers("v"), shape, ScalarType.Float64).to(dtype);
        else if (one.Has("high")) made = Golden.Integers(one.Text("t"), one.Integer("high"), shape).to(dtype);
        else
        {
            var (scale, shift) = (one.NumberOrNull("a") ?? 1, one.NumberOrNull("b") ?? 0);
            made = torch.is_complex(dtype)
                ? view_as_complex(Golden.Tensor(one.Text("t"), [.. shape, 2], scale, shift, ScalarType.Float64)).to(dtype)
                : Golden.Tensor(one.Text("t"), shape, scale, shift, dtype);
        }
        if (one.Has("transposed")) made = made.transpose(-1, -2);
        return made.MoveToOuterDisposeScope();
    }

    private static TensorIndex IndexOf(JsonElement index, List<Tensor> tensors)
    {
        switch (index.ValueKind)
        {
            case JsonValueKind.Null: return TensorIndex.Null;
            case JsonValueKind.String: return TensorIndex.Ellipsis;
            case JsonValueKind.Number: return TensorIndex.Single(index.GetInt64());
            case JsonValueKind.True or JsonValueKind.False: return TensorIndex.Bool(index.GetBoolean());
        }
        if (IsTensor(index)) return TensorIndex.Tensor(Noted(MakeTensor(index), tensors));
        var ends = index.GetProperty("slice").EnumerateArray().Select(end => end.ValueKind == JsonValueKind.Null ? (long?)null : end.GetInt64()).ToArray();
        return TensorIndex.Slice(ends[0], ends[1], ends[2]);
    }

    private static Tensor Noted(Tensor tensor, List<Tensor> tensors)
    {
        tensors.Add(tensor);
        return tensor;
    }

    private static bool IsTensor(JsonElement argument) =>
        argument.ValueKind == JsonValueKind.Object && (argument.TryGetProperty("t", out _) || argument.TryGetProperty("v", out _));

    private static bool IsWhole(JsonElement number) => number.ValueKind == JsonValueKind.Number && number.GetRawText().IndexOfAny(['.', 'e', 'E']) < 0;

    private static object NumberAs(JsonElement number, Type type)
    {
        if (type == typeof(long)) return number.GetInt64();
        if (type == typeof(int)) return number.GetInt32();
        return type == typeof(float) ? number.GetSingle() : (object)number.GetDouble();
    }

    private static Scalar ScalarOf(JsonElement number) => IsWhole(number) ? (Scalar)number.GetInt64() : number.GetDouble();

    /// <summary>What a list-like type holds; null where the type is no list that an array converts to.</summary>
    public static Type? ElementOf(Type type)
    {
        if (type.IsArray) return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        if (!type.IsGenericType) return null;
        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(ReadOnlySpan<>) || definition == typeof(IList<>) || definition == typeof(IEnumerable<>) || definition == typeof(IReadOnlyList<>) || definition == typeof(ICollection<>)
            ? type.GenericTypeArguments[0]
            : null;
    }
}
