using System.Linq.Expressions;
using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>The public operators of the engine, by the space and the name under which cases know them.</summary>
internal static class OperatorMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly (string Space, Type Type)[] Spaces =
    [
        ("torch", typeof(torch)), ("torch", typeof(Tensor)), ("functional", typeof(nn.functional)), ("linalg", typeof(linalg)), ("special", typeof(special)),
    ];

    private static readonly ILookup<(string Space, string Name), MethodInfo> Found = All.ToLookup(one => (one.Space, one.Member.Name), one => one.Member);

    /// <summary>Every method that is no property's (an indexer's are kept), with its space.</summary>
    public static IEnumerable<(string Space, MethodInfo Member)> All =>
        from space in Spaces
        from member in space.Type.GetMethods(Declared)
        where !member.IsSpecialName || member.Name.StartsWith("op_", StringComparison.Ordinal) || member.Name == "set_TensorItems"
            || (member.Name.StartsWith("get_", StringComparison.Ordinal) && member.ReturnType == typeof(Tensor))
        select (space.Space, member);

    /// <summary>The overloads of a name; <c>Tensor.x</c> and <c>torch.x</c> leave those of the other type out.</summary>
    public static IEnumerable<MethodInfo> Named(string space, string name)
    {
        var dot = name.IndexOf('.');
        return dot < 0 ? Found[(space, name)] : Found[(space, name[(dot + 1)..])].Where(one => one.DeclaringType!.Name == name[..dot]);
    }

    /// <summary>The signature as one reads it, such as <c>Tensor.sum(Int64 dim, Boolean keepdim)</c>.</summary>
    public static string Describe(MethodInfo member) =>
        $"{(member.DeclaringType == typeof(Tensor) ? "Tensor" : member.DeclaringType!.Name)}.{member.Name}({string.Join(", ", member.GetParameters().Select(one => $"{NameOf(one.ParameterType)} {one.Name}"))})";

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(",", type.GenericTypeArguments.Select(NameOf))}>"
        : type.Name;

    /// <summary>What is different, or was thrown, in each member, a line for each; empty where nothing is.</summary>
    public static string Differences(IEnumerable<MethodInfo> members, Func<MethodInfo, string?> difference)
    {
        var lines = new List<string>();
        foreach (var member in members)
        {
            try
            {
                if (difference(member) is { } line) lines.Add($"{Describe(member)}: {line}");
            }
            catch (Exception exception)
            {
                lines.Add($"{Describe(member)}: threw {exception.GetType().Name}: {exception.Message.Split('\n')[0]}");
            }
        }
        return string.Join('\n', lines);
    }

    /// <summary>Calls a member; parameters that are spans come as arrays. What the member throws comes as it is.</summary>
    public static object? Invoke(MethodInfo member, object? receiver, object?[] arguments)
    {
        if (!member.GetParameters().Any(one => one.ParameterType.IsByRefLike))
            return member.Invoke(receiver, BindingFlags.DoNotWrapExceptions, null, arguments, null);

        // Spans cannot be boxed, so the call is compiled.
        var given = Expression.Parameter(typeof(object[]));
        var converted = member.GetParameters().Select((one, i) => Convert(Expression.ArrayIndex(given, Expression.Constant(i)), one.ParameterType));
        var call = Expression.Call(member.IsStatic ? null : Expression.Constant(receiver), member, converted);
        var body = call.Type == typeof(void) ? (Expression)Expression.Block(call, Expression.Constant(null)) : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?[], object?>>(body, given).Compile()(arguments);
    }

    private static Expression Convert(Expression given, Type type)
    {
        if (!type.IsByRefLike) return Expression.Convert(given, type);
        var array = type.GenericTypeArguments[0].MakeArrayType();
        return Expression.Call(type.GetMethod("op_Implicit", [array])!, Expression.Convert(given, array));
    }
}
