using System.Runtime.InteropServices;
using System.Text;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>What libtorch's engine calls when a backward pass reaches a managed function, on whatever thread it runs.</summary>
internal static unsafe class FunctionCallbacks
{
    [UnmanagedCallersOnly]
    public static int Backward(nint owner, nint* outputGradients, int outputs, nint* inputGradients, int inputs, byte** message)
    {
        try
        {
            var call = (torch.autograd.Call)GCHandle.FromIntPtr(owner).Target!;
            using var scope = torch.NewDisposeScope();
            var given = new List<torch.Tensor>(outputs);
            for (var i = 0; i < outputs; i++)
                given.Add(outputGradients[i] == 0 ? null! : new torch.Tensor(NativeMethods.engine_tensor_share(outputGradients[i])));
            var produced = call.Backward(call.Context, given);
            if (produced.Count != inputs)
                throw new InvalidOperationException($"backward returned {produced.Count} gradients for {inputs} arguments of forward");
            for (var i = 0; i < inputs; i++)
                if (produced[i] is { } gradient) inputGradients[i] = NativeMethods.engine_tensor_share(gradient.Handle);
            return 0;
        }
        catch (Exception exception)
        {
            fixed (byte* text = Encoding.UTF8.GetBytes(ManagedErrors.Remember(exception) + '\0')) *message = NativeMethods.engine_copy_text(text);
            return 1;
        }
    }

    [UnmanagedCallersOnly]
    public static void Release(nint owner)
    {
        var handle = GCHandle.FromIntPtr(owner);
        ((torch.autograd.Call)handle.Target!).Context.Dispose();
        handle.Free();
    }
}
