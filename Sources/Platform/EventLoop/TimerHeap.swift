/// A running timer of an ``EventLoop``. Used on its loop only.
public final class LoopTimer {
    let deadline: MonotonicTime
    private var body: (() -> Void)?

    init(deadline: MonotonicTime, body: @escaping () -> Void) {
        self.deadline = deadline
        self.body = body
    }

    var isCancelled: Bool { body == nil }

    /// Ends the timer without running its closure, which is released at once.
    public func cancel() { body = nil }

    func fire() {
        guard let body else { return }
        self.body = nil
        body()
    }
}

/// Timers ordered by deadline in a binary heap. Cancelled ones stay until they reach the top or outnumber the others.
struct TimerHeap {
    private var heap: [LoopTimer] = []

    var nextDeadline: MonotonicTime? {
        mutating get {
            while let first = heap.first, first.isCancelled { removeFirst() }
            return heap.first?.deadline
        }
    }

    mutating func insert(_ timer: LoopTimer) {
        if heap.count >= 1024, heap.count.nonzeroBitCount == 1 { dropCancelled() }
        heap.append(timer)
        siftUp(from: heap.count - 1)
    }

    /// Takes out a timer whose deadline has come. The caller fires it, outside of any access to the heap, since timers
    /// set and cancel others.
    mutating func popDue(now: MonotonicTime) -> LoopTimer? {
        guard let deadline = nextDeadline, deadline <= now else { return nil }
        let timer = heap[0]
        removeFirst()
        return timer
    }

    private mutating func dropCancelled() {
        let live = heap.filter { !$0.isCancelled }
        heap.removeAll(keepingCapacity: true)
        for timer in live {
            heap.append(timer)
            siftUp(from: heap.count - 1)
        }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown()
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let least = right < heap.count && heap[right].deadline < heap[left].deadline ? right : left
            guard heap[least].deadline < heap[parent].deadline else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
