using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>Arguments of a case, by place and by name, as the arguments of a member that takes them.</summary>
internal sealed class ArgumentList(JsonElement places, JsonElement? named = null)
{
    private readonly JsonElement[] _places = [.. places.EnumerateArray()];
    private readonly Dictionary<string, JsonElement> _named = named?.EnumerateObject().ToDictionary(one => one.Name, one => one.Value) ?? [];

    public bool Names(string parameter) => _named.ContainsKey(parameter);

    public bool Fit(MethodInfo member, bool withReceiver = true) => Place(member, withReceiver) is not null;

    /// <summary>For the receiver (where it is counted) and each parameter, the argument that goes there, or null for the default.</summary>
    private JsonElement?[]? Place(MethodInfo member, bool withReceiver)
    {
        var parameters = member.GetParameters();
        var offset = member.IsStatic || !withReceiver ? 0 : 1;
        var placed = new JsonElement?[parameters.Length + offset];
        if (_places.Length > placed.Length) return null;
        for (var i = 0; i < placed.Length; i++)
        {
            var parameter = i < offset ? null : parameters[i - offset];
            if (i < _places.Length) placed[i] = _places[i];
            else if (_named.TryGetValue(parameter?.Name ?? "input", out var value)) placed[i] = value;
            else if (parameter is { HasDefaultValue: true } or { IsOut: true } || (parameter is not null && IsParams(parameter))) continue;
            else return null;
            if (!Argument.Fits(placed[i]!.Value, parameter?.ParameterType ?? typeof(Tensor))) return null;
        }
        // A name that the member does not know, or that an argument has taken already, is another member's.
        return _named.Keys.All(name => Array.FindIndex(parameters, one => one.Name == name) + offset >= _places.Length) ? placed : null;
    }

    /// <summary>
    /// The arguments of a member that they fit, its receiver first. <paramref name="instead"/> gives parameters another value;
    /// tensors are noted in the order of the case.
    /// </summary>
    public object?[] Make(MethodInfo member, List<Tensor> tensors, bool withReceiver = true, Func<ParameterInfo, object?>? instead = null)
    {
        var placed = Place(member, withReceiver)!;
        var parameters = member.GetParameters();
        var offset = placed.Length - parameters.Length;
        var made = new object?[placed.Length];
        for (var i = 0; i < placed.Length; i++)
        {
            var parameter = i < offset ? null : parameters[i - offset];
            made[i] = (parameter is null ? null : instead?.Invoke(parameter)) ?? (
                placed[i] is { } given ? Argument.Make(given, parameter?.ParameterType ?? typeof(Tensor), tensors)
                : IsParams(parameter!) ? Array.CreateInstance(parameter!.ParameterType.GetElementType()!, 0)
                : parameter!.IsOut ? null
                : parameter.DefaultValue);
        }
        return made;
    }

    private static bool IsParams(ParameterInfo parameter) => parameter.IsDefined(typeof(ParamArrayAttribute));
}
