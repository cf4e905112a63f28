using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace DeepTricks.Data;

/// <summary>Runs through a sequence on a thread of its own, at most <c>depth</c> finished items ahead of the reader.</summary>
internal sealed class Prefetcher<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Channel<T> _channel;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;

    public Prefetcher(IEnumerable<T> source, int depth)
    {
        _channel = Channel.CreateBounded<T>(new BoundedChannelOptions(depth) { SingleReader = true, SingleWriter = true });
        _worker = Task.Factory.StartNew(
            () => Produce(source), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Waits for the next item; false at the end. An exception of the sequence is thrown here, after the items before it.
    /// </summary>
    public bool TryTake([NotNullWhen(true)] out T? item)
    {
        while (!_channel.Reader.TryRead(out item))
        {
            if (!_channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Stops the thread, waits for it and disposes of the items that nobody took.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _worker.Wait();
        while (_channel.Reader.TryRead(out var item))
        {
            item.Dispose();
        }

        _stop.Dispose();
    }

    private void Produce(IEnumerable<T> source)
    {
        try
        {
            foreach (var item in source)
            {
                Write(item);
                _stop.Token.ThrowIfCancellationRequested();
            }

            _channel.Writer.Complete();
        }
        catch (Exception exception)
        {
            _channel.Writer.Complete(exception);
        }
    }

    private void Write(T item)
    {
        try
        {
            while (!_channel.Writer.TryWrite(item))
            {
                _channel.Writer.WaitToWriteAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
            }
        }
        catch
        {
            item.Dispose();
            throw;
        }
    }
}
